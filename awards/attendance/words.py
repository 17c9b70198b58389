"""The words of headings: what people in Hong Kong write above a column, in English and Chinese, and what it means.

All words stand in their plain form: lower case, figures and letters only; Chinese without spaces and signs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

STUDENT_ID, ATTENDED, AWARD, REASON, REMARKS = "student_id", "attended", "award", "reason", "remarks"
SIGNATURE, WHAT_TO_DO = "signature", "what_to_do"
"""Known and not read: they are for the paper, and for whoever corrects a sheet that we handed back."""
NAMES = ("name", "name_en", "name_zh", "surname", "given_name")
SESSION, PERCENT, MINUTES = "session", "percent", "minutes"
JOINED, LEFT, EMAIL, ACCOUNT, ROLE = "joined", "left", "email", "account", "role"
"""Of the reports of online meetings: when, and by which address."""

ENGLISH: Mapping[str, tuple[str, ...]] = {
    STUDENT_ID: (
        "student id", "student no", "student number", "student num", "student id no", "student id number", "id",
        "id no", "id number", "stud id", "stud no", "sid", "student", "student #", "cna", "student id #", "stu id",
        "stu no", "students id", "students no", "student card no", "student card number", "student id card no",
        "student identity no", "student identification no", "student identification number", "student code",
        "participant student id", "student no cna", "student id cna", "cna student no", "cna student id", "cna no",
        "studentid", "studentno", "student ids",
    ),
    "name": (
        "name", "student name", "name of student", "full name", "participant", "participant name",
        "name of participant", "student full name", "students name", "students full name", "names", "attendee",
        "attendee name", "participants name", "display name", "user name", "full name of student", "name as on hkid",
        "name as in hkid", "name on student card", "name of participants", "name of students",
    ),
    "name_en": (
        "english name", "name in english", "name english", "student name english", "name eng", "eng name",
        "student name eng", "student name in english", "name in eng", "full name english", "full name in english",
        "english full name", "en name", "name en",
    ),
    "name_zh": (
        "chinese name", "name in chinese", "name chinese", "student name chinese", "name chi", "chi name",
        "student name chi", "student name in chinese", "name in chi", "full name chinese", "full name in chinese",
        "chinese full name", "zh name", "name zh", "name in chinese characters",
    ),
    "surname": ("surname", "last name", "family name", "surname in english", "english surname"),
    "given_name": (
        "given name", "given names", "first name", "other name", "other names", "forename", "forenames",
        "first names",
    ),
    ATTENDED: (
        "attended", "attendance", "attend", "present", "presence", "attended y n", "present y n", "attendance y n",
        "sign in", "signed in", "check in", "checked in", "attended yes no", "attendance yes no", "present yes no",
        "present absent", "attended absent", "attendance status", "attendance record", "attendance taken",
        "attended or not", "sign in time", "check in time", "checked in at", "signed in at", "time in",
        "arrival time", "did you attend", "have you attended", "turned up", "show up", "showed up", "attended event",
        "attended activity",
    ),
    AWARD: (
        "award badge", "award badges", "award", "awarded", "badge", "badges", "badge awarded", "badges awarded",
        "digital badge", "award badge y n", "badge y n", "award digital badge", "digital badges", "digital badge y n",
        "award y n", "award yes no", "award badge yes no", "badge yes no", "award digital badges", "e badge",
        "badge earned", "badges earned", "badge to be awarded", "award of badge", "award of digital badge",
        "award of badges", "to be awarded", "issue badge", "badge issued", "awarded badge", "digital badge awarded",
    ),
    REASON: (
        "reason", "reasons", "reason for withholding", "reason if withheld", "reason if no badge", "why no badge",
        "reason if not awarded", "reason for not awarding", "reason for no badge", "reason if any",
    ),
    REMARKS: ("remarks", "remark", "note", "notes", "comment", "comments", "remarks if any", "other remarks"),
    SIGNATURE: ("signature", "sign", "signed", "student signature", "students signature", "signature of student"),
    WHAT_TO_DO: ("what to do",),
    PERCENT: (
        "attendance rate", "attendance percentage", "percentage of attendance", "percentage attended",
        "percent attended", "percentage", "attendance percent", "overall attendance rate", "rate of attendance",
        "overall attendance percentage", "total attendance rate", "participation rate",
    ),
    MINUTES: (
        "duration", "duration minutes", "total duration minutes", "in meeting duration", "minutes",
        "minutes attended",
        "attended minutes", "total duration", "attendance duration", "duration in minutes", "duration mins",
        "duration min", "attendance minutes", "time in meeting", "time in session", "time in session minutes",
        "meeting duration", "total minutes", "mins", "minutes present",
    ),
    JOINED: ("first join", "first join time", "join time", "time joined", "joined at", "joined", "join"),
    LEFT: ("last leave", "last leave time", "leave time", "time left", "left at", "left", "leave", "exit time"),
    EMAIL: (
        "email", "e mail", "email address", "e mail address", "user email", "attendee email", "participant email",
        "student email", "student email address", "school email", "institution email",
    ),
    ACCOUNT: ("participant id upn", "upn", "user principal name", "participant id", "participant upn", "id upn"),
    ROLE: ("role", "meeting role"),
}  # fmt: skip
CHINESE: Mapping[str, tuple[str, ...]] = {
    STUDENT_ID: (
        "學生編號", "學號", "學生證號碼", "學生號碼", "學生證編號", "學員編號", "學生証號碼", "學生學號", "學員號碼",
        "學員證號碼", "學生証編號", "學生證號", "学生编号", "学号", "学生号码", "学生证号码", "学生证号", "学员编号",
    ),
    "name": (
        "學生姓名", "姓名", "學員姓名", "參加者姓名", "參加者", "名字", "學生名稱", "學員名稱", "參與者姓名",
        "參與者",
        "出席者姓名", "出席者", "參加學生姓名", "參加學生", "學生全名", "全名", "名稱", "顯示名稱",
        "学生姓名", "参加者姓名", "参加者", "参与者姓名", "学员姓名", "名称",
    ),
    "name_en": (
        "英文姓名", "英文名", "英文名字", "學生英文姓名", "姓名英文", "學生姓名英文", "英文全名", "学生英文姓名",
    ),
    "name_zh": (
        "中文姓名", "中文名", "中文名字", "學生中文姓名", "姓名中文", "學生姓名中文", "中文全名", "学生中文姓名",
    ),
    "surname": ("姓", "姓氏", "英文姓氏"),
    "given_name": ("名",),
    ATTENDED: (
        "出席", "出席情況", "出席紀錄", "出席記錄", "已出席", "是否出席", "有否出席", "簽到", "出席狀況", "出席狀態",
        "出席與否", "出席缺席", "出缺席", "出席或缺席", "點名", "報到", "到場", "已到場", "簽到時間", "報到時間",
        "有出席",
        "出席与否", "签到", "出席情况", "出席记录", "点名", "签到时间",
    ),
    AWARD: (
        "頒發徽章", "徽章", "頒發", "獲發徽章", "獲頒徽章", "電子徽章", "頒授徽章", "頒發電子徽章", "是否頒發徽章",
        "是否頒發", "獲得徽章", "可獲徽章", "獲發電子徽章", "獲頒電子徽章", "獲徽章", "數碼徽章", "頒發數碼徽章",
        "颁发徽章", "电子徽章", "颁发电子徽章", "颁发",
    ),
    REASON: (
        "原因", "不頒發原因", "未獲徽章原因", "未頒發原因", "理由", "不獲發原因", "不頒發徽章原因", "未獲發原因",
    ),
    REMARKS: ("備註", "備考", "附註", "備注", "备注", "其他備註", "註"),
    SIGNATURE: ("簽名", "簽署", "签名", "學生簽署", "學生簽名", "參加者簽署"),
    WHAT_TO_DO: ("須處理事項",),
    PERCENT: ("出席率", "總出席率", "出席百分比", "出席比率", "整體出席率", "总出席率"),
    MINUTES: (
        "持續時間", "會議持續時間", "會議中持續時間", "會議中的持續時間", "會議內持續時間", "持續時間分鐘",
        "總持續時間",
        "總持續時間分鐘", "時長", "時長分鐘", "總時長", "出席分鐘", "出席時長", "參與時長", "分鐘",
        "持续时间", "会议持续时间", "会议中持续时间", "持续时间分钟", "总持续时间分钟", "总持续时间", "时长",
        "时长分钟",
    ),
    JOINED: (
        "加入時間", "首次加入", "首次加入時間", "第一次加入", "第一次加入時間", "進入時間", "加入时间",
        "首次加入时间",
    ),
    LEFT: (
        "離開時間", "上次離開", "上次離開時間", "最後離開", "最後離開時間", "最後一次離開", "退出時間", "离开时间",
        "上次离开", "最后离开", "最后离开时间", "退出时间", "上次离开时间",
    ),
    EMAIL: (
        "電郵", "電郵地址", "電子郵件", "電子郵件地址", "電子郵箱", "使用者電子郵件", "用戶電子郵件", "用戶電郵",
        "學生電郵",
        "电邮", "电子邮件", "电子邮件地址", "邮箱", "用户电子邮件",
    ),
    ACCOUNT: ("參與者識別碼", "參與者", "参与者标识"),
    ROLE: ("角色", "身份", "身分"),
}  # fmt: skip
MEANINGS = {words: key for table in (ENGLISH, CHINESE) for key, ways in reversed(list(table.items())) for words in ways}
WEAK_ID = ("id", "id no", "id number")
"""Also what forms call the number of an answer."""

SHARE_OF = frozenset(
    ["", "attendance", "attended", "attend", "present", "presence", "participation", "attendance rate"]
)
SHARE_OF_ZH = frozenset(["", "出席", "出席率", "出席百分比", "总出席率", "總出席率"])

_MONTH = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?"
)
_DATE = (
    r"\d{4} ?[-/.年] ?\d{1,2} ?[-/.月] ?\d{1,2} ?日?|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})|\d{1,2}[-/]\d{1,2}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?[- ]?(?:{_MONTH})\.?(?:[- ,]{{1,2}}(?:\d{{4}}|\d{{2}}))?"
    rf"|(?:{_MONTH})\.?[- ]?\d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?|\d{{1,2}} ?月 ?\d{{1,2}} ?日"
)
_HELD = "session|sess|day|lesson|lecture|class|week|workshop|talk|meeting|visit|part|module|seminar|tutorial|training"
_COUNT = "[一二三四五六七八九十]{1,3}|\\d{1,2}"
_NUMBERED = (
    rf"(?:{_HELD})s?\.? ?(?:no\.? ?)?#? ?(?:\d{{1,2}}|[a-d]|iii|ii|iv|i)(?![a-z0-9])"
    rf"|(?:\d{{1,2}}(?:st|nd|rd|th)|first|second|third|fourth|fifth|sixth|last) (?:{_HELD})|[sdlw]\d{{1,2}}(?![a-z0-9])"
    rf"|第 ?(?:{_COUNT}) ?(?:節|节|堂|課|课|天|日|次|場|场|講|讲|週|周|部分|單元|活動|回)(?:課|節次|活動)?"
    rf"|(?:節次|課節|工作坊|課堂|講座) ?(?:{_COUNT})"
)
_HALF = "a\\.?m\\.?(?![a-z])|p\\.?m\\.?(?![a-z])|morning|afternoon|evening|上午|下午|早上|晚上|上午節|下午節"
_BESIDE = (
    r"mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:r|rs|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?"
    r"|(?:星期|週|周)[一二三四五六日]|[一二三四五六日](?=\))|\d{1,2}:\d{2} ?(?:[ap]m)?|[-–—~至,;:()]|session"
    r"|attendance|attended|attend|present|sign[- ]in|check[- ]in|y/n|出席|簽到|签到|節|時段"
)
IS_SESSION = re.compile(rf"(?:(?:{_DATE}|{_NUMBERED}|{_HALF}|{_BESIDE}) ?)+")
NAMES_SESSION = re.compile(f"{_DATE}|{_NUMBERED}|{_HALF}")
LONGEST_SESSION = 50
"""Letters of a heading that names a session."""


def names_session(plain: str) -> bool:
    """Whether a heading in its plain form names a session: a number, a date, or a half of a day, and little else."""
    if len(plain) > LONGEST_SESSION or not NAMES_SESSION.search(plain):
        return False
    return bool(IS_SESSION.fullmatch(plain))


def names_share(latin: str, han: str) -> bool:
    """Whether a heading with a % sign, in its words of either script, is about attendance."""
    return latin in SHARE_OF and han in SHARE_OF_ZH
