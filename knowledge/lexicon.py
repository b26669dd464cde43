"""The English words that the rules know by name, all in normal form. Other languages get theirs beside these."""

from typing import Final

NEGATIONS: Final = frozenset(
    "not no never none nobody nothing neither nor without nowhere hardly scarcely barely refuse refuses refused "
    "refusing fail fails failed failing deny denies denied denying lack lacks lacked lacking".split()
)
"""Words that turn a statement round. The verbs count because "fails to help" and "helps" are not the same."""

TURNS: Final = NEGATIONS | frozenset("but however although though unless except if".split())
"""Words that may turn what stands before them: left out, they are worth a warning."""

MODALS: Final = frozenset("will would can could may might must shall should ought need".split())

QUANTIFIERS: Final = frozenset(
    "all every each any some many most more less few fewer several both half much only almost nearly always often "
    "sometimes rarely seldom enough everyone everybody everything someone something anyone anything".split()
)

FILLERS: Final = frozenset(
    "well so just really very quite actually basically literally simply also too then now you know mean oh uh um er ah "
    "like okay ok yes yeah please even still rather indeed certainly of course however anyway".split()
)

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
    "col": "colonel", "capt": "captain", "st": "saint", "vs": "versus", "okay": "ok", "jr": "junior", "sr": "senior",
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

ANTONYMS: Final = frozenset(
    frozenset(pair.split("/"))
    for pair in (
        "good/bad better/worse best/worst more/less more/fewer most/least high/low higher/lower highest/lowest up/down "
        "rise/fall rises/falls rose/fell rising/falling increase/decrease increased/decreased increases/decreases "
        "increasing/decreasing grow/shrink grew/shrank growing/shrinking win/lose wins/loses won/lost winning/losing "
        "winner/loser winners/losers support/oppose supports/opposes supported/opposed supporting/opposing for/against "
        "accept/reject accepts/rejects accepted/rejected approve/reject approved/rejected approve/disapprove "
        "agree/disagree agrees/disagrees agreed/disagreed allow/ban allowed/banned allow/forbid legal/illegal "
        "true/false right/wrong strong/weak stronger/weaker strongest/weakest safe/dangerous safer/riskier "
        "guilty/innocent success/failure succeed/fail succeeded/failed first/last 1st/last before/after early/late "
        "earlier/later always/never everyone/nobody everything/nothing all/none open/closed opened/closed open/close "
        "start/stop started/stopped begin/end began/ended start/end started/ended hire/fire hired/fired buy/sell "
        "bought/sold love/hate loves/hates loved/hated friend/enemy friends/enemies ally/enemy allies/enemies "
        "peace/war victory/defeat gain/loss gains/losses profit/loss profits/losses rich/poor richer/poorer hot/cold "
        "hotter/colder big/small bigger/smaller biggest/smallest large/small larger/smaller largest/smallest "
        "long/short longer/shorter old/new old/young older/younger easy/hard easier/harder possible/impossible "
        "likely/unlikely fair/unfair happy/unhappy able/unable confirm/deny confirmed/denied admit/deny "
        "admitted/denied include/exclude included/excluded inside/outside above/below over/under majority/minority "
        "maximum/minimum public/private male/female man/woman men/women boy/girl north/south east/west "
        "northern/southern eastern/western left/right democrat/republican democrats/republicans democratic/republican "
        "liberal/conservative liberals/conservatives positive/negative hope/fear hopes/fears build/destroy "
        "built/destroyed create/destroy created/destroyed protect/harm help/hurt helps/hurts helped/hurt raise/cut "
        "raised/cut raise/lower raised/lowered expand/reduce expanded/reduced arrive/leave arrived/left enter/leave "
        "remember/forget known/unknown responsible/irresponsible honest/dishonest loyal/disloyal "
        "legitimate/illegitimate popular/unpopular necessary/unnecessary constitutional/unconstitutional "
        "appropriate/inappropriate accurate/inaccurate alive/dead living/dead birth/death born/died day/night "
        "today/yesterday today/tomorrow begin/finish ahead/behind forward/backward full/empty light/dark "
        "lighter/darker heavy/light quick/slow fast/slow faster/slower near/far rare/common"
    ).split()
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
    "doughnut/donut yoghurt/yogurt".split()
)
"""Beginnings of words that two countries spell unlike, the second standing for both."""

SPEECH_VERBS: Final = frozenset(
    "said says say saying told tells telling tweeted tweets wrote writes added adds asked asks answered replied "
    "replies responded responds claimed claims stated states declared declares announced announces explained explains "
    "argued argues insisted insists warned warns noted notes continued continues concluded recalled admitted "
    "acknowledged suggested suggests joked quipped shouted yelled posted remarked observed complained promised vowed "
    "urged testified "
    "boasted countered retorted commented reports reported".split()
)

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

CHATTER_GLUE: Final = frozenset(
    "do did does is are was were has have had can could would will really ever actually i me my we us you your he she "
    "they it this that these those the a an and or but so if of in on at to for from by with about what who when where "
    "why how just again today yesterday here there anyone anybody someone somebody everyone people ok okay quick "
    "question article post video news friend wait look guess know knows find out am be been like way".split()
)
"""What holds chatter together; alone it may as well be a part of the claim."""
