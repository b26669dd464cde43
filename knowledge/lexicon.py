"""The English words that the rules know by name, all in normal form. Other languages get theirs beside these."""

from typing import Final

NEGATIONS: Final = frozenset(
    "not no never none nobody nothing neither nor without nowhere hardly scarcely barely refuse refuses refused "
    "refusing fail fails failed failing deny denies denied denying lack lacks lacked lacking".split()
)
"""Words that turn a statement round. The verbs count because "fails to help" and "helps" are not the same."""

CUT_NEGATIONS: Final = frozenset("not no never none nobody nothing neither nor without nowhere".split())
"""Those of them that do nothing else: a quote that stops in front of one says the opposite."""

TURNS: Final = NEGATIONS | frozenset("but however although though unless except if".split())
"""Words that may turn what stands before them: left out, they are worth a warning."""

FILLERS: Final = frozenset(
    "well so just really very quite actually basically literally simply also too then now you oh uh um er ah "
    "like okay ok yes yeah please even still rather indeed certainly of course however anyway".split()
)

FILLING_AFTER: Final = {"know": "you", "mean": "i", "fact": "in", "well": "as", "instance": "for", "example": "for"}
"""Words that fill in too, each after one other only: "you know", "in fact"."""

FUNCTION_WORDS: Final = FILLERS | frozenset(
    "a an the this that these those 1 there here i me my mine we us our ours you your yours he him his she her hers it "
    "its they them their theirs who whom whose which what where when why how one be am is are was were been being do "
    "does did done doing have has had having of to in on at by for with from into onto upon about as than and or but "
    "if because while although though since until unless whether out up down off over under again further between "
    "through during before after above below against among within along across around toward towards via per such own "
    "same other another else got get gets getting say says said 's 'd mr mrs ms dr etc going let".split()
)
"""Words that carry grammar rather than meaning; a dropped or swapped one leaves a quote `close`.

Modals, quantifiers and negations are not among them.
"""

TITLES: Final = {
    "sen": "senator", "sens": "senators", "rep": "representative", "reps": "representatives", "gov": "governor",
    "dr": "doctor", "gen": "general", "prof": "professor", "pres": "president", "lt": "lieutenant", "sgt": "sergeant",
    "col": "colonel", "capt": "captain", "rev": "reverend",
    "maj": "major", "cmdr": "commander", "adm": "admiral",
    "hon": "honorable", "supt": "superintendent", "mt": "mount", "ft": "fort", "dept": "department",
    "govt": "government", "st": "saint", "vs": "versus", "okay": "ok", "jr": "junior", "sr": "senior",
}  # fmt: skip
"""Short forms that are written out elsewhere; the two are the same word."""

ABBREVIATIONS: Final = {
    "united states": "us", "us of america": "us", "united kingdom": "uk", "european union": "eu",
    "united nations": "un", "los angeles": "la", "new york city": "nyc", "washington dc": "washington",
}  # fmt: skip
"""Names in several words and their abbreviations, dots dropped."""

MONTHS: Final = frozenset(
    "january february march april may june july august september october november december jan feb mar apr jun jul aug "
    "sep sept oct nov dec".split()
)

OPPOSING_PREFIXES: Final = ("un", "in", "im", "il", "ir", "dis", "non")
"""What turns a word into its opposite; the rest of the word is a word."""

FORMS: Final = frozenset(
    frozenset((one, other))
    for forms in (
        "be am is are was were been", "have has had", "do does did done", "go goes went gone", "say says said",
        "get gets got gotten", "make makes made", "know knows knew known", "take takes took taken",
        "see sees saw seen", "come comes came", "think thinks thought", "give gives gave given", "tell tells told",
        "find finds found", "become becomes became", "leave leaves left", "keep keeps kept", "begin begins began begun",
        "bring brings brought", "write writes wrote written", "stand stands stood", "hold holds held", "run runs ran",
        "speak speaks spoke spoken", "mean means meant", "meet meets met", "pay pays paid", "send sends sent",
        "build builds built", "fall falls fell fallen", "feel feels felt", "lose loses lost", "win wins won",
        "grow grows grew grown", "draw draws drew drawn", "show shows showed shown", "buy buys bought",
        "spend spends spent", "fight fights fought", "teach teaches taught", "break breaks broke broken",
        "choose chooses chose chosen", "rise rises rose risen", "drive drives drove driven", "eat eats ate eaten",
        "man men", "woman women", "child children", "person people",
    )
    for one in forms.split()
    for other in forms.split()
    if one != other
)  # fmt: skip
"""Forms of one word that share too few letters for a rule."""

SPELLINGS: Final = tuple(
    (pair.split("/")[0], pair.split("/")[1])
    for pair in "cheque/check grey/gray mould/mold plough/plow tyre/tire kerb/curb aluminium/aluminum sceptic/skeptic "
    "towards/toward afterwards/afterward amongst/among whilst/while jewellery/jewelry fulfill/fulfil enroll/enrol "
    "install/instal instill/instil distill/distil skillful/skilful willful/wilful draught/draft pyjama/pajama "
    "moustache/mustache storey/story odour/odor learnt/learned burnt/burned dreamt/dreamed spelt/spelled "
    "spoilt/spoiled leapt/leaped licence/license practise/practice judgement/judgment acknowledgement/acknowledgment "
    "ageing/aging manoeuvre/maneuver artefact/artifact speciality/specialty sulph/sulf orientat/orient "
    "advisor/adviser doughnut/donut yoghurt/yogurt mum/mom".split()
)
"""Beginnings of words that two countries spell unlike, the second standing for both."""

SPEECH_VERBS: Final = frozenset(
    "said says say saying told tells telling tweeted tweets retweeted wrote writes write added adds asked asks asking "
    "answered replied replies responded responds claimed claims stated states declared declares announced announces "
    "explained explains argued argues insisted insists warned warns noted notes continued continues concluded recalled "
    "recalls admitted admits acknowledged acknowledges suggested suggests joked jokes quipped shouted yelled posted "
    "remarked observed observes complained complains promised vowed urged urges testified testifies boasted countered "
    "retorted commented comments reported reports emailed emails agreed agrees stressed stresses emphasized lamented "
    "mused conceded contended contends alleged alleges cautioned predicted reiterated exclaimed asserted asserts "
    "maintained maintains proclaimed texted opined recounted pleaded demanded wondered revealed confirmed denied "
    "summed".split()
)

REPORTING_VERBS: Final = frozenset(
    "called calls described describes accused accuses blasted denounced criticized praised believes believed thinks "
    "thought hopes hoped feels felt wants wanted questioned refused promises plans planned expects expected knows knew "
    "attacked defended condemned endorsed mocked slammed dismissed rejected compared cited pointed signaled signalled "
    "argue claim say suggest warn learned discussed referred labeled labelled dubbed bragged pledged proposed rated "
    "considers considered doubts doubted fears feared indicated expressed voiced insist acknowledge".split()
)
"""What somebody does to a matter in a sentence that tells what they said or thought of it."""

REPORTING_VERB: Final = "|".join(sorted(REPORTING_VERBS))

SPEECH_VERB: Final = "|".join(sorted(SPEECH_VERBS))
"""The same as alternatives of a regular expression."""

CHATTER: Final = frozenset(
    "lol lmao rofl omg wtf smh wow hey hi hello guys folks ppl apparently allegedly supposedly seriously honestly true "
    "real fake fact facts check checked checking confirm source sources link proof receipts receipt verify legit quote "
    "quoted quoting says said say tweeted posted wrote claims claimed told heard read saw see seen hear believe "
    "believed facebook twitter online uncle plz pls please thanks thx lmk fyi btw tbh imo imho right yeah "
    "thoughts think".split()
)
"""What people say around a claim without asserting it."""

SLANG: Final = frozenset("lol lmao rofl omg wtf smh wow hey hi plz pls thx lmk fyi btw tbh imo imho".split())
"""Those of them that nobody prints."""

CHATTER_GLUE: Final = frozenset(
    "do did does is are was were has have had can could would will really ever actually i me my we us you your he she "
    "they it this that these those the a an and or but so if of in on at to for from by with about what who when where "
    "why how just again today yesterday here there anyone anybody someone somebody everyone people ok okay quick "
    "question article post video news friend wait look guess know knows find out am be been like way".split()
)
"""What holds chatter together; alone it may as well be a part of the claim."""
