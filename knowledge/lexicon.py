"""How people talk in English around a claim without asserting it, all in normal form."""

from typing import Final

CHATTER: Final = frozenset(
    "lol lmao rofl omg wtf smh wow hey hi hello guys folks ppl apparently allegedly supposedly seriously honestly true "
    "real fake fact facts check checked checking confirm source sources link proof receipts receipt verify legit quote "
    "quoted quoting says said say tweeted posted wrote claims claimed told heard read saw see seen hear believe "
    "believed facebook twitter online uncle plz pls please thanks thx lmk fyi btw tbh imo imho right yeah "
    "thoughts think".split()
)
"""What they say."""

SLANG: Final = frozenset("lol lmao rofl omg wtf smh wow hey hi plz pls thx lmk fyi btw tbh imo imho".split())
"""Those of them that nobody prints."""

CHATTER_GLUE: Final = frozenset(
    "do did does is are was were has have had can could would will really ever actually i me my we us you your he she "
    "they it this that these those the a an and or but so if of in on at to for from by with about what who when where "
    "why how just again today yesterday here there anyone anybody someone somebody everyone people ok okay quick "
    "question article post video news friend wait look guess know knows find out am be been like way".split()
)
"""What holds chatter together; alone it may as well be a part of the claim."""
