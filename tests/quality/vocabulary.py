"""The words that `alterations` and `variants` change sentences with: lists of our own, written without those of
`knowledge`, so that what is measured is not what was built in.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

ANTONYMS = """
able/unable absent/present accept/reject accepted/rejected accepts/rejects accepting/rejecting accurate/inaccurate
admit/deny admits/denies admitted/denied admitting/denying advantage/disadvantage advantages/disadvantages
agree/disagree agreed/disagreed agrees/disagrees allies/enemies ally/enemy allow/forbid allowed/forbidden
allowing/prohibiting allows/prohibits ancient/modern appear/disappear appeared/disappeared approval/disapproval
approve/disapprove approved/disapproved arrival/departure arrive/depart arrived/departed arrives/departs asleep/awake
attack/defend attacked/defended attacking/defending attacks/defends bad/good beautiful/ugly before/after began/ended
begin/end beginning/ending begins/ends benefit/harm best/worst better/worse big/small bigger/smaller biggest/smallest
birth/death bitter/sweet bottom/top brave/cowardly bright/dim broad/narrow build/destroy building/destroying
builds/destroys built/destroyed bullish/bearish buy/sell buyer/seller buyers/sellers buying/selling careful/careless
cheap/expensive cheaper/costlier clean/dirty clear/unclear combine/separate combined/separated comedy/tragedy
comfortable/uncomfortable common/rare complex/simple confident/doubtful connect/disconnect connected/disconnected
conservative/liberal conservatives/liberals consistent/inconsistent constant/variable correct/incorrect
correctly/incorrectly courage/cowardice create/destroy created/destroyed creates/destroys creating/destroying
danger/safety dangerous/safe dead/alive deadly/harmless decline/rise declined/rose declines/rises declining/rising
deep/shallow defeat/victory defeats/victories defensive/offensive demand/supply deny/confirm denied/confirmed
destruction/creation die/live died/lived dies/lives difficult/easy discourage/encourage discouraged/encouraged
discourages/encourages discouraging/encouraging domestic/foreign drop/rise dropped/rose drops/rises dropping/rising
dry/wet dumb/smart earlier/later early/late earn/spend easily/hardly efficient/inefficient employed/unemployed
employment/unemployment empty/full enemies/friends enemy/friend enter/leave entering/leaving enters/leaves
entrance/exit equal/unequal exclude/include excluded/included excludes/includes excluding/including expand/shrink
expanded/shrank expanding/shrinking expands/shrinks export/import exports/imports external/internal fail/succeed
failed/succeeded failing/succeeding fails/succeeds failure/success failures/successes fair/unfair fall/rise
falling/rising falls/rises familiar/unfamiliar famous/unknown fast/slow faster/slower fat/thin fewer/more
forget/remember forgetting/remembering forgot/remembered formal/informal fortunate/unfortunate
fortunately/unfortunately freedom/slavery frequent/infrequent frequently/seldom fresh/stale friendly/hostile gain/lose
gained/lost gaining/losing gains/losses generous/stingy gentle/harsh genuine/fake give/take given/taken gives/takes
giving/taking good/evil gradual/sudden gradually/suddenly guilt/innocence guilty/innocent happily/sadly
happiness/sadness happy/sad hate/love hated/loved hates/loves hatred/love healthy/sick heaven/hell heavily/lightly
heavy/light help/hinder helped/hindered helpful/unhelpful helping/hindering hero/villain heroes/villains hide/reveal
high/low higher/lower highest/lowest hired/fired hiring/firing honest/dishonest honesty/dishonesty hope/despair
horizontal/vertical hot/cold huge/tiny humble/arrogant illegal/legal illegally/legally important/unimportant
improve/worsen improved/worsened improves/worsens improving/worsening improvement/deterioration increase/decrease
increased/decreased increases/decreases increasing/decreasing increasingly/decreasingly indoor/outdoor
inferior/superior input/output inside/outside insult/praise joy/sorrow junior/senior justice/injustice large/small
larger/smaller largest/smallest laugh/cry lazy/diligent lend/borrow less/more lawful/unlawful likely/unlikely
literate/illiterate loosen/tighten loose/tight loss/profit losses/profits loud/quiet loyal/disloyal major/minor
majority/minority male/female mandatory/voluntary maximum/minimum moral/immoral mature/immature natural/artificial
necessary/unnecessary negative/positive new/old newer/older newest/oldest noisy/quiet normal/abnormal
northern/southern obey/disobey offline/online often/rarely old/young older/younger oldest/youngest open/closed
opened/closed opening/closing opens/closes opponent/supporter opponents/supporters oppose/support opposed/supported
opposes/supports opposing/supporting opposition/support optimism/pessimism optimistic/pessimistic optional/compulsory
ordinary/extraordinary pain/pleasure partial/complete partially/completely pass/fail passed/failed past/future
patient/impatient peace/war peaceful/violent peacefully/violently permanent/temporary permanently/temporarily
permit/forbid permitted/forbidden plentiful/scarce polite/rude poor/rich poorer/richer poorest/richest
popular/unpopular poverty/wealth powerful/powerless powerful/weak predictable/unpredictable private/public
privately/publicly proud/ashamed pull/push pulled/pushed pulling/pushing punish/reward punished/rewarded quick/slow
quickly/slowly raise/lower raised/lowered raises/lowers raising/lowering rational/irrational real/fake reduce/increase
reduced/increased reduces/increases reducing/increasing regular/irregular relevant/irrelevant reliable/unreliable
respect/contempt responsible/irresponsible reward/punishment rough/smooth rural/urban safe/unsafe safely/dangerously
satisfied/dissatisfied save/waste saved/wasted saves/wastes saving/wasting secure/insecure separate/unite
serious/trivial short/long shorter/longer significant/insignificant sincere/insincere skilled/unskilled smart/stupid
softer/harder sooner/later stability/instability stable/unstable start/finish started/finished starting/finishing
starts/finishes strength/weakness strengthen/weaken strengthened/weakened strengthening/weakening strengthens/weakens
strengths/weaknesses strict/lenient strong/weak stronger/weaker strongest/weakest strongly/weakly
successful/unsuccessful successfully/unsuccessfully sufficient/insufficient tall/short thick/thin tough/easy
true/false trust/distrust truth/lie unite/divide united/divided unites/divides upper/lower useful/useless
usual/unusual usually/rarely vacant/occupied valid/invalid valuable/worthless visible/invisible warm/cool
warmer/cooler warming/cooling wealthy/poor wide/narrow wider/narrower willing/unwilling win/lose winner/loser
winners/losers winning/losing wins/loses wise/foolish won/lost worthy/unworthy above/below accidental/deliberate
accidentally/deliberately ahead/behind arrested/released ascend/descend backward/forward ban/allow banned/allowed
bans/allows banning/allowing bankrupt/solvent blame/credit blamed/credited brightest/darkest closer/farther
condemn/praise condemned/praised condemning/praising condemns/praises cut/raise cutting/raising cuts/increases
death/life deaths/births deficit/surplus deficits/surpluses eastern/western enormous/tiny everywhere/nowhere
exactly/approximately explicit/implicit fewest/most fiction/fact ignorance/knowledge ignore/heed inflow/outflow
joining/leaving lead/follow least/most legitimate/illegitimate locked/unlocked noon/midnight north/south east/west
optimist/pessimist overestimate/underestimate overestimated/underestimated revealed/concealed revealing/concealing
reveal/conceal reveals/conceals sharp/blunt sink/float sober/drunk sunrise/sunset tame/wild toughest/easiest
upstairs/downstairs upward/downward wealthier/poorer widen/narrow widened/narrowed zenith/nadir
"""
"""Opposites, a pair each; either word may stand for the other."""

ONE_WAY = """
wrong>right badly>well cruel>kind dark>light soft>hard joined>left entered>left easier>harder easiest>hardest
longer>shorter longest>shortest quickly>slowly little>much few>many lately>formerly
"""
"""Opposites of which only the first is not many words in one ("right now", "as long as")."""

KEPT_APART = """
abundance/scarcity abundant/scarce acquit/convict acquitted/convicted adopt/abandon adopted/abandoned
amateur/professional appoint/dismiss appointed/dismissed assembled/dismantled attract/repel attracted/repelled
boom/bust brighter/darker captive>free captured/freed cautious/reckless celebrate/mourn celebrated/mourned
cheerful/gloomy civilian/military compliment/insult continue/stop continued/stopped continues/stops
deflation/inflation delay/hasten delayed/hastened descendant/ancestor descendants/ancestors emigrate/immigrate
endorse/reject endorsed/rejected expansion/contraction faith>doubt favorable/adverse fertile/barren flexible/rigid
lost>found grow/shrink growing/shrinking grows/shrinks grew/shrank harmful/beneficial heavier/lighter idle/busy
imprisoned/freed indoors/outdoors inhale/exhale insert/extract intentional/accidental intentionally/accidentally
intensify/abate justly/unjustly loyal/treacherous nearest/farthest nearby/distant noble/shameful obedient/rebellious
overt/covert plentiful/meager praised/criticized praise/criticism progress/regress protect/endanger
protected/endangered protecting/endangering protects/endangers prosper/suffer prosperity/poverty purchased/sold
quickest/slowest reckless/prudent refuse/accept refused/accepted refuses/accepts refusing/accepting repair/damage
repaired/damaged retreat/advance retreated/advanced safer/riskier safest/riskiest secret/public secretly/openly
started/stopped starting/stopping starts/stops sunny/cloudy superficial/profound survive/perish survived/perished
teacher/student tense/relaxed tiny/gigantic trusted/distrusted upheld/overturned uphold/overturn wealthiest/poorest
welcome/unwelcome wisdom/folly youngest/eldest lenders/borrowers lender/borrower employer/employee employers/employees
creditor/debtor creditors/debtors
"""
"""More opposites, for how a word does that nobody thought of: keep them out of what the program is given."""

NEGATING = """
always/never possible/impossible capable/incapable acceptable/unacceptable constitutional/unconstitutional
aware/unaware reasonable/unreasonable known/unknown realistic/unrealistic sure/unsure prepared/unprepared
limited/unlimited expected/unexpected documented/undocumented authorized/unauthorized protected/unprotected
qualified/unqualified appropriate/inappropriate adequate/inadequate competent/incompetent effective/ineffective
direct/indirect dependent/independent perfect/imperfect proper/improper practical/impractical probable/improbable
accountable/unaccountable affected/unaffected available/unavailable believable/unbelievable changed/unchanged
controlled/uncontrolled credible/incredible democratic/undemocratic elected/unelected explained/unexplained
favorable/unfavorable founded/unfounded harmed/unharmed insured/uninsured interested/uninterested named/unnamed
paid/unpaid precedented/unprecedented proven/unproven resolved/unresolved tested/untested vaccinated/unvaccinated
verified/unverified wanted/unwanted armed/unarmed conventional/unconventional ethical/unethical fairly/unfairly
intended/unintended married/unmarried regulated/unregulated related/unrelated sustainable/unsustainable
usually/unusually everybody>nobody everyone>nobody
"""
"""Opposites of which one has the negation in it, so that either name is right for them."""


def opposites(*lists: str) -> Mapping[str, Sequence[str]]:
    """What may stand for each word of some lists of pairs."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for pair in " ".join(lists).split():
        first, mark, second = pair.partition("/" if "/" in pair else ">")
        found[first].append(second)
        if mark == "/":
            found[second].append(first)
    return found


FUNCTION_WORDS = frozenset(
    """
a about above across after again against all almost along already also although always am among an and another any
anybody anyone anything are around as at away back be because been before behind being below beneath beside besides
between beyond both but by can cannot come could did do does doing done down during each either else enough especially
etc even ever every everybody everyone everything few first for from further get gets getting go goes going gone got
had has have having he hence her here hers herself him himself his how however i if in indeed instead into is it its
itself just last least less let like made make makes many may me might mine more moreover most much must my myself
near nearly neither never next no nobody none nor not nothing now nowhere of off often on once one only onto or other
others otherwise ought our ours ourselves out over own per perhaps put quite rather really same say says said shall
she should since so some somebody someone something sometimes somewhere soon still such take than that the their
theirs them themselves then there therefore these they thing things this those though through throughout thus till to
today together too toward towards under until unto up upon us use used usually very via was way we well went were what
whatever when whenever where whereas wherever whether which while who whoever whole whom whose why will with within
without would yes yet you your yours yourself
""".split()
)
"""Words that may come and go without much being said."""

SAYING = frozenset(
    """
said says say saying told tells tell telling added adds add wrote writes write tweeted tweets asked asks ask explained
explains explain according noted notes note argued argues argue claimed claims claim stated states stating continued
replied insisted insists reported reports report warned warns recalled testified announced declared acknowledged
suggested suggests believes believe think thinks thought
""".split()
)
"""Words of a reporter's tag, which is no part of what was said."""

ADJECTIVES = """
corrupt wealthy secret dangerous foreign reckless powerful ruthless disgraced notorious brutal desperate furious
bankrupt fraudulent hidden massive costly shameful violent beloved brilliant generous legendary poisonous radioactive
medieval musical wooden frozen stolen
""".split()
"""What may be put before a noun and says something."""

PHRASES = """
in a secret meeting with bankers|against the advice of every doctor|at the expense of local farmers|
after a bitter quarrel with his neighbors|under pressure from foreign banks|with the help of armed smugglers|
during a lavish wedding in Portugal|because of a forged contract|despite repeated warnings from scientists|
without telling the shareholders|behind the back of parliament|using stolen credit cards|on orders from the palace|
to please wealthy donors|in exchange for cheap diamonds
"""
"""What may be put where a sentence pauses and says something."""

NOUNS = """
banana violin glacier carpet kitchen thunder pillow lantern magnet volcano harvest blanket orchestra bicycle dentist
lighthouse mushroom trumpet wizard basket compass furnace galaxy hammer island jungle ladder mirror napkin oyster parrot
quarry ribbon saddle tunnel umbrella velvet walnut zebra
""".split()
"""Nouns that hardly ever are what a reporter meant."""

VERBS = """
painted baked juggled whispered borrowed photographed decorated measured polished harvested memorized watered framed
wrapped embroidered tickled
""".split()
"""Past forms that hardly ever are what a reporter meant."""

SPELLINGS = """
color/colour colors/colours colored/coloured favor/favour favors/favours favored/favoured favorite/favourite
favorites/favourites favorable/favourable honor/honour honors/honours honored/honoured honorable/honourable
humor/humour labor/labour labored/laboured neighbor/neighbour neighbors/neighbours neighborhood/neighbourhood
neighborhoods/neighbourhoods neighboring/neighbouring behavior/behaviour behaviors/behaviours harbor/harbour
rumor/rumour rumors/rumours vapor/vapour flavor/flavour endeavor/endeavour savior/saviour parlor/parlour armor/armour
armored/armoured tumor/tumour valor/valour vigor/vigour organize/organise organized/organised organizes/organises
organizing/organising organization/organisation organizations/organisations organizer/organiser organizers/organisers
recognize/recognise recognized/recognised recognizes/recognises recognizing/recognising realize/realise
realized/realised realizes/realises realizing/realising criticize/criticise criticized/criticised
criticizes/criticises criticizing/criticising apologize/apologise apologized/apologised emphasize/emphasise
emphasized/emphasised authorize/authorise authorized/authorised authorization/authorisation legalize/legalise
legalized/legalised legalization/legalisation minimize/minimise maximize/maximise prioritize/prioritise
stabilize/stabilise mobilize/mobilise mobilized/mobilised specialize/specialise specialized/specialised
utilize/utilise finalize/finalise finalized/finalised summarize/summarise hospitalized/hospitalised
privatize/privatise normalize/normalise characterized/characterised characterize/characterise jeopardize/jeopardise
analyze/analyse analyzed/analysed analyzing/analysing paralyzed/paralysed center/centre centers/centres
centered/centred theater/theatre theaters/theatres meter/metre meters/metres kilometer/kilometre kilometers/kilometres
liter/litre liters/litres fiber/fibre somber/sombre meager/meagre caliber/calibre defense/defence defenses/defences
offense/offence offenses/offences license/licence licenses/licences pretense/pretence traveled/travelled
traveling/travelling traveler/traveller travelers/travellers canceled/cancelled canceling/cancelling labeled/labelled
labeling/labelling modeling/modelling modeled/modelled fueled/fuelled fueling/fuelling counselor/counsellor
counselors/counsellors signaled/signalled signaling/signalling leveled/levelled totaled/totalled marvelous/marvellous
jewelry/jewellery enrollment/enrolment fulfill/fulfil skillful/skilful installment/instalment program/programme
programs/programmes catalog/catalogue dialog/dialogue check/cheque gray/grey tire/tyre tires/tyres plow/plough
skeptical/sceptical skeptic/sceptic skeptics/sceptics skepticism/scepticism aging/ageing judgment/judgement
acknowledgment/acknowledgement aluminum/aluminium mom/mum moms/mums pediatric/paediatric anesthesia/anaesthesia
maneuver/manoeuvre maneuvers/manoeuvres orthopedic/orthopaedic mustache/moustache pajamas/pyjamas airplane/aeroplane
toward/towards among/amongst learned/learnt burned/burnt dreamed/dreamt spelled/spelt
practicing/practising
"""
"""American and British spellings, a pair each."""

TITLES = """
Sen./Senator Rep./Representative Gov./Governor Gen./General Dr./Doctor Prof./Professor Lt./Lieutenant Col./Colonel
Sgt./Sergeant Capt./Captain Rev./Reverend Mr./Mr Mrs./Mrs Dr./Dr Ms./Ms Sens./Senators Reps./Representatives
"""
"""Titles and how they are shortened, a pair each."""

MONTHS = "January February March April May June July August September October November December".split()
WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
SMALL_NUMBERS = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
nineteen
""".split()
TENS = "zero ten twenty thirty forty fifty sixty seventy eighty ninety".split()
ORDINALS = "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
SCALES = "hundred thousand million billion trillion".split()


def in_words(number: int) -> str:
    """A number below a hundred as it is spelled."""
    if number < len(SMALL_NUMBERS):
        return SMALL_NUMBERS[number]
    tens, ones = divmod(number, 10)
    return f"{TENS[tens]}-{SMALL_NUMBERS[ones]}" if ones else TENS[tens]
