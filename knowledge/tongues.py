"""How German, French, Spanish, Portuguese, Russian and Chinese reporters say who speaks, beside a quotation.

English is in `attribution`, with indirect speech and pronouns. Here only what is sure: a verb of saying and a name.
"""

import re
from typing import Final

_CAPITAL = "[A-ZÀ-ÖØ-ÞА-ЯЁ]"
_WORD = rf"{_CAPITAL}[\w’'-]+"
_GRAMMAR = (
    "Dann|Da|So|Auch|Später|Daraufhin|Er|Sie|Es|Ein|Eine|Der|Die|Das|Entonces|Luego|Después|Él|Ella|Un|Una|El|La|Le|Les|Il|"
    "Elle|Puis|Alors|Ensuite|Então|Depois|Ele|Ela|Os|As|O|A|Затем|Потом|Он|Она|Они|Как|Это"
)
_FROM = r"(?:(?:de|da|do|dos|del|von|van)\s+(?:(?:la|der|den)\s+)?)?"
_NAME = rf"(?P<name>(?!(?:{_GRAMMAR})\b){_WORD}(?:\s+{_FROM}{_WORD}){{0,4}})"
_WEST = (
    "sagte|sagt|erklärte|betonte|meinte|schrieb|"
    "a\\s+(?:déclaré|dit|affirmé|expliqué|indiqué|écrit)|déclare|affirme|explique|dit|"
    "dijo|afirmó|declaró|señaló|aseguró|explicó|escribió|"
    "disse|afirmou|declarou|explicou|escreveu"
)
_RUSSIAN = "сказал|заявил|отметил|подчеркнул|сообщил|написал|рассказал|добавил|ответил|пояснил"
_SAYS = rf"(?:{_WEST}|(?:{_RUSSIAN})а?|говорит)"
_ROLE = r"(?:(?:le|la|el|o|a)\s+[a-zà-ÿ-]+\s+)?"
"""An office in the Romance languages; without the article and with "de" it is somebody else's: "un portavoz de"."""
_MARK = r"^[,.!?]?[\"”“»]?[\s,.—–-]{0,4}"
_SPEAKS_FOR = "адвокат|юрист|представитель|секретарь|пресс-секретарь|помощник|сын|муж|брат"
"""Offices that somebody's name follows in the genitive, which looks like a woman's."""

# 120 surnames that nine tenths of the people in the news have; a name in Chinese has no other mark.
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟"
    "熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤习栗华温耿"
)
_CHINESE_NAME = rf"(?P<name>[{_SURNAMES}][一-鿿]{{1,2}}(?<![社方部院会国报网局厅委家者员人们]))"
_CHINESE_OFFICE = r"(?:[一-鿿]{0,12}(?:发言人|主席|总理|总书记|部长|书记|总统|主任|教授|市长|省长|院长|会长))?"
_CHINESE_SAYS = "(?:说|表示|称|指出|强调|认为|写道)"

TAGS_AFTER: Final = (
    re.compile(rf"{_MARK}{_SAYS}\s+{_ROLE}{_NAME}"),
    re.compile(
        rf"{_MARK}(?:{_RUSSIAN})а\s+(?!(?:{_SPEAKS_FOR})\b)[а-яё-]+\s+(?P<name>(?:[А-ЯЁ][а-яё-]*[ая]\s+)?[А-ЯЁ][а-яё-]*[ая])\b"
    ),
    re.compile(
        rf"{_MARK}(?:{_RUSSIAN})\s+(?!(?:{_SPEAKS_FOR})\b)[а-яё-]+\s+(?P<name>(?:[А-ЯЁ][а-яё-]*[^\Wаяыи]\s+)?[А-ЯЁ][а-яё-]*[внйкчр])\b"
    ),
    re.compile(rf"^[，。！？]?”[，。]?{_CHINESE_OFFICE}{_CHINESE_NAME}{_CHINESE_SAYS}"),
)
"""Behind a quotation, from its closing mark on. What Russian has between verb and name is an office."""
TAGS_BEFORE: Final = (
    re.compile(rf"(?:^|[.!?»”\n]\s{{0,3}}){_NAME}\s+{_SAYS}\b[^.!?\n«»“”„\"]{{0,60}}[:,]?\s{{0,3}}$"),
    re.compile(rf"(?:^|[\s(])(?i:selon|según|segundo|laut)\s+{_NAME}\s?,?\s?[:,]\s{{0,3}}$"),
    re.compile(
        rf"(?:^|[。！？；，”\s]){_CHINESE_OFFICE}{_CHINESE_NAME}{_CHINESE_SAYS}[^。！？“”\n]{{0,12}}[:：，,]?\s{{0,3}}$"
    ),
)
"""Before a quotation, up to its opening mark."""
