"""How long what is about a person or a server is kept. The README's privacy policy names the same periods."""

from datetime import timedelta

FEEDBACK_KEPT = timedelta(days=180)
"""What a member said of an answer."""
ANSWERED_SUGGESTION_KEPT = timedelta(days=90)
"""A suggestion that moderators decided on, counted from when it was made."""
WAITING_SUGGESTION_KEPT = timedelta(days=365)
"""A suggestion that nobody decided on."""
LOG_NAMES_KEPT = timedelta(days=365)
"""Who made a change, in the log that a server's moderators read; what was changed stays, without the name."""
WATCH_KEPT = timedelta(days=30)
"""A claim that a member waits for; it goes when it turns up, too."""
SERVER_KEPT = timedelta(days=30)
"""All of a server that the bot was removed from."""
