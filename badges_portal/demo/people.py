"""Who is at the demo institution: units, staff, students, and the accounts that are told to everybody."""

from __future__ import annotations

import random
from dataclasses import dataclass

from django.utils.text import slugify

from accounts.roles import Role

PASSWORD = "six-badges"  # noqa: S105  (printed by script/demo; production refuses the demo data)


@dataclass(frozen=True)
class Account:
    """An account with the password of the demo, and what to say of it."""

    cna: str
    says: str


RICH_STUDENT, NEW_STUDENT = "240000001", "240000002"
ORGANISER, CO_ORGANISER, ADMINISTRATOR, ADVISOR, OPERATOR = "s1001", "s1002", "s2001", "s3001", "s4001"
ORGANISER_UNIT = "LC"

ACCOUNTS = [
    Account(RICH_STUDENT, "CHAN Ka Man, student with a rich history"),
    Account(NEW_STUDENT, "HO Lok Yiu, student who has not joined anything yet"),
    Account(ORGANISER, "LEE Olga, organiser at the Learning Commons"),
    Account(CO_ORGANISER, "HO Oscar, organiser at the Faculty of Design, co-organiser of some of Olga's"),
    Account(ADMINISTRATOR, "LAM Adam, scheme administrator"),
    Account(ADVISOR, "YIP Lydia, learning advisor"),
    Account(OPERATOR, "TSE Xenia, operator"),
]

UNITS = [
    ("LC", "Learning Commons", "學習薈"),
    ("FDE", "Faculty of Design and Environment", "設計及環境學院"),
    ("FMH", "Faculty of Management and Hospitality", "管理及款待學院"),
    ("FST", "Faculty of Science and Technology", "科技學院"),
    ("GEL", "School of General Education and Languages", "通識教育及語文學院"),
    ("SDO", "Student Development Office", "學生發展處"),
    ("ISO", "International and Exchange Office", "國際及交流事務處"),
    ("CIO", "Careers and Industry Office", "就業及業界聯繫處"),
]

STAFF = [
    ("s1001", "LEE Olga", "李歐嘉", "LC", [Role.ORGANISER]),
    ("s1002", "HO Oscar", "何奧斯", "FDE", [Role.ORGANISER]),
    ("s1003", "NG Otto", "吳奧圖", "LC", [Role.ORGANISER]),
    ("s1004", "CHEUNG Wai Kit", "張偉傑", "FST", [Role.ORGANISER]),
    ("s1005", "FUNG Mei Yan", "馮美茵", "FMH", [Role.ORGANISER]),
    ("s1006", "MacDonald, Fiona", "", "GEL", [Role.ORGANISER]),
    ("s1007", "TANG Chi Ho", "鄧志豪", "SDO", [Role.ORGANISER]),
    ("s1008", "KWOK Sze Nga", "郭詩雅", "ISO", [Role.ORGANISER]),
    ("s1009", "LAU Pui Shan", "劉佩珊", "CIO", [Role.ORGANISER]),
    ("s1010", "CHOI Hoi Ching", "蔡海晴", "FDE", [Role.ORGANISER]),
    ("s1011", "YUEN Ming Fai", "袁明輝", "FST", [Role.ORGANISER]),
    ("s1012", "SHARMA Priya", "", "FMH", [Role.ORGANISER]),
    ("s1013", "POON Ka Yee", "潘嘉儀", "GEL", [Role.ORGANISER]),
    ("s1014", "HUI Tin Lok", "許天樂", "SDO", [Role.ORGANISER]),
    ("s1015", "SZETO Ka Wing", "司徒嘉穎", "ISO", [Role.ORGANISER]),
    ("s1016", "MOK Chun Yin", "莫俊賢", "CIO", [Role.ORGANISER]),
    ("s1017", "AU YEUNG Suk Fan", "歐陽淑芬", "FDE", [Role.ORGANISER]),
    ("s1018", "TSANG Yuk Ling", "曾玉玲", "FST", [Role.ORGANISER]),
    ("s1019", "LO Siu Ming", "盧兆明", "FMH", [Role.ORGANISER]),
    ("s1020", "WALSH Aoife", "", "GEL", [Role.ORGANISER]),
    ("s1021", "KONG Hei Man", "江曦文", "SDO", [Role.ORGANISER]),
    ("s2001", "LAM Adam", "林亞當", "LC", [Role.ADMINISTRATOR]),
    ("s2002", "SIU Wan Ting", "蕭韻婷", "LC", [Role.ADMINISTRATOR, Role.ADVISOR]),
    ("s3001", "YIP Lydia", "葉麗雅", "LC", [Role.ADVISOR]),
    ("s4001", "TSE Xenia", "謝善雅", None, [Role.OPERATOR]),
]

PROGRAMMES = [
    ("BA (Hons) in Fashion Design", "FDE"),
    ("BA (Hons) in Landscape Architecture", "FDE"),
    ("BSc (Hons) in Surveying", "FDE"),
    ("BBA (Hons) in Hotel Operations Management", "FMH"),
    ("BA (Hons) in Culinary Arts and Management", "FMH"),
    ("BBA (Hons) in Professional Accounting", "FMH"),
    ("BEng (Hons) in Environmental Engineering", "FST"),
    ("BSc (Hons) in Information and Communications Technology", "FST"),
    ("BSc (Hons) in Food Science and Safety", "FST"),
    ("BA (Hons) in Public Relations and International Events Management", "FMH"),
]

SURNAMES = [
    pair.split(":")
    for pair in (
        "CHAN:陳 WONG:黃 LEUNG:梁 CHEUNG:張 LEE:李 NG:吳 HO:何 LAU:劉 LAM:林 CHENG:鄭 TANG:鄧 YEUNG:楊 YIP:葉 CHAU:周 FUNG:馮 "
        "TSANG:曾 KWOK:郭 MA:馬 YUEN:袁 SO:蘇 MAK:麥 LO:盧 TSE:謝 CHOI:蔡 POON:潘 YU:余 LUK:陸 HUI:許 TAM:譚 CHUNG:鍾 KONG:江 "
        "SHUM:沈 TO:杜 SIU:蕭 MOK:莫 KWAN:關 LI:黎 CHIU:趙 FONG:方 WU:胡"
    ).split()
]
SYLLABLES = [
    pair.split(":")
    for pair in (
        "Ka:嘉 Wing:詠 Tsz:子 Hoi:海 Chun:俊 Wai:慧 Yan:欣 Man:文 Hei:熹 Lok:樂 Yiu:耀 Ching:晴 Ho:浩 Ming:明 Yee:怡 Kit:傑 Long:朗 "
        "Nga:雅 Ting:婷 Ki:琪 Shan:珊 Fung:峰 Yin:妍 Yuet:玥 Tung:桐 Sum:心 Hin:軒 Kiu:翹 Wan:韻 Pui:沛 Sze:思 Chi:智 Kwan:筠 Yat:逸 "
        "Hang:恒 Lam:霖 Suet:雪 Ying:瑩 Chak:澤 Kin:健"
    ).split()
]
ENGLISH = "Alex Bonnie Chloe Daniel Emily Felix Grace Henry Iris Jason Kelly Leo Mandy Natalie Owen Phoebe Ryan Sophia".split()

SPECIAL = [
    ("WONG Wing Tsam", "黃詠𤨪"),
    ("O'BRIEN-LEE Sean", ""),
    ("GARCÍA LÓPEZ María José", ""),
    ("NGUYỄN Thị Minh Châu", "阮氏明珠"),
    ("AU YEUNG Tsz Hin, Bartholomew", "歐陽子軒"),
    ("LI Yan", "李昕"),
    ("KHAN Muhammad Abdullah Ibn Yusuf Al-Rahman", ""),
    ("CHAN Chiu Yeung", "陳釗洋"),
    ("CHEUNG Kin Hei", "張堅𤋮"),
    ("TANAKA Sakura", "田中さくら"),
    ("LEUNG Ka Po", "梁家𡃁"),
]


def address_of(name: str) -> str:
    """The e-mail address of a member of staff: by name, because the portal shows it as the contact."""
    return f"{slugify(name).replace('-', '.')}@example.edu.hk"


@dataclass(frozen=True)
class Student:
    """One student of the demo institution; `years_ago` is when the studies began."""

    number: str
    name_en: str
    name_zh: str
    programme: str
    unit: str
    years_ago: int
    status: str


def make_students(chance: random.Random, count: int = 400) -> list[Student]:
    """The same students for the same random generator, the two of the demo accounts first."""
    names = [("CHAN Ka Man", "陳嘉文"), ("HO Lok Yiu", "何樂耀"), *SPECIAL]
    while len(names) < count:
        surname, first, second = chance.choice(SURNAMES), *chance.sample(SYLLABLES, 2)
        english = f", {chance.choice(ENGLISH)}" if chance.random() < 0.35 else ""
        name = (f"{surname[0]} {first[0]} {second[0]}{english}", surname[1] + first[1] + second[1])
        if name not in names:
            names.append(name)
    return [make_student(chance, number, *name) for number, name in enumerate(names)]


def make_student(chance: random.Random, place: int, name_en: str, name_zh: str) -> Student:
    programme, unit = chance.choice(PROGRAMMES)
    years_ago = 2 if place < 2 else chance.choice([0, 1, 1, 2, 2, 3, 3, 4])
    graduated = "graduated" if years_ago == 4 else "active"
    status = chance.choices([graduated, "deferred", "withdrawn"], [96, 2, 2])[0] if place > 20 else "active"
    return Student(f"24{place + 1:07d}", name_en, name_zh, programme, unit, years_ago, status)
