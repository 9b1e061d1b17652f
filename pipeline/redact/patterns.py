"""What Presidio has no pattern for: accounts and orders, streets, spelled addresses, links to a person.

Repeats are bounded, so that no text makes a pattern slow. Dates, prices, masks such as XXXX and sizes
match none of them; the tests hold the list.
"""

from __future__ import annotations

_MONTH, _DAY = r"(?:0[1-9]|1[0-2])", r"(?:0[1-9]|[12]\d|3[01])"
_YEAR = r"(?:19|20)\d\d"

_DATES = rf"{_YEAR}{_MONTH}{_DAY}|{_YEAR}-\d\d?-\d\d?|\d\d?[-/]\d\d?[-/]\d{{2,4}}|{_YEAR}[-/ ]{_YEAR}"
_NO_DATE = rf"(?!(?:{_DATES})(?!\w|-\d))"
_NO_AMOUNT = r"(?!(?i:USD|GBP|EUR|CAD|AUD|INR|RS)-?\d)"

_THING = (
    r"(?:order|account|acct?|a/c|ref(?:erence)?|case|ticket|booking|invoice|tracking|confirmation|policy"
    r"|complaint)"
)
_NUMBERED = (
    r"(?:loan|claim|card|contract|customer|client|member(?:ship)?|phone|passport|licen[cs]e|serial|id)"
)
_MARK = r"(?:id|no|nr|number|num|ref(?:erence)?|#)"
_IS = r"[.:]?\s{0,2}(?:is|was)?[:\s#]"
_CODE = (
    rf"{_NO_DATE}{_NO_AMOUNT}" + r"[A-Za-z]{0,6}[-/]?\d[\dA-Za-z]{0,20}(?:[-/][\dA-Za-z]{1,20}){0,4}(?!\w)"
)

ACCOUNTS = {
    "eight digits or more": _NO_DATE + r"(?<![\w#£$€])(?<![£$€] )(?<!\d[.,-])\d{8,34}(?!\w|[.,]\d)",
    "letters and five digits": (
        _NO_AMOUNT
        + r"(?<![\w-])[A-Za-z]{1,6}[-/#_]?\d{5,20}[A-Za-z0-9]{0,6}(?:-[A-Za-z0-9]{1,20}){0,3}(?!\w)"
    ),
    "named thing": rf"(?i)\b{_THING}\s{{0,2}}{_MARK}?{_IS}{{1,4}}\K{_CODE}",
    "named thing with a mark": rf"(?i)\b{_NUMBERED}\s{{0,2}}{_MARK}{_IS}{{0,4}}\K{_CODE}",
    "groups of four": r"(?<![\w.,])\d{4}(?:[ -]\d{4}){2,4}(?!\w|[.,]\d)",
    "sort code": r"(?i)\bsort\s?code\W{0,3}(?:is|was)?\W{0,3}\K\d\d[- ]?\d\d[- ]?\d\d(?!\w)",
    "US social security": r"(?<![\w-])\d{3}-\d\d-\d{4}(?![\w-])",
    "UK national insurance": (r"\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d\d ?\d\d ?\d\d ?[A-D]\b"),
}

MAIL_PROVIDER = r"(?:g(?:oogle)?mail|hotmail|outlook|yahoo|icloud|aol|gmx|web)"
_DOMAIN = r"[\w-]{1,63}(?:(?:\.|\s?[(\[{]\s?(?:dot|\.)\s?[)\]}]\s?| dot )[\w-]{1,63}){1,4}"

EMAILS = {
    "at in brackets": rf"(?i)(?<![\w.+-])[\w.+-]{{1,64}}\s?[(\[{{]\s?at\s?[)\]}}]\s?{_DOMAIN}",
    "at a mail provider": (
        r"(?i)(?<![\w.+-])[a-z][\w+-]{0,40}(?:[._\d][\w.+-]{0,40}|(?: dot [\w+-]{1,40}){1,3}) at "
        rf"(?={MAIL_PROVIDER}(?:\.| dot )){_DOMAIN}"
    ),
}

_EXTENSION = r"(?: ?(?:x|ext\.?|extension) ?\d{1,6})?"
_CALL = (
    r"(?:(?:my|our|phone|telephone|mobile|cell|contact|daytime) number|phone|telephone|tel|mobile|cell"
    r"|whatsapp|fax|call|ring|text|reach me)(?: (?:me|us|back))?(?: (?:on|at|is))?"
)
_DIALLED = r"[+(]{0,2}\d(?:[() .-]{0,2}\d){6,14}"

PHONES = {
    "three, three and four": (
        r"(?<![\w£$€.,/-])(?:\d{1,3}[ .-])?\(?\d{3}\)?[ .-]?\d{3}[.-]\d{4}" + _EXTENSION + r"(?!\w|[.,-]\d)"
    ),
    "number to call": rf"(?i)\b{_CALL}[\s:,.=-]{{1,3}}\K{_NO_DATE}{_DIALLED}{_EXTENSION}(?!\w)",
}

GROUPED = (
    r"(?<![\w£$€./:#@-])(?<!\d,)(?<![£$€] )"
    r"(?:(?:\+\d{1,3}[ .-]?)?\(\d{1,5}\)[ ./-]{0,2}\d{1,10}(?:[ ./-]{1,2}\d{2,7}){0,5}"
    r"|(?:\+\d{1,3}[ .-]?)?\d{2,7}(?:[ ./-]{1,2}\d{2,7}|-\d/\d{2,4}){1,5})"
    + _EXTENSION
    + r"(?!\w|[.,/:]\d| ?[£$€%])"
)

_SUFFIX = (
    r"(?i:lane|road|street|close|avenue|drive|crescent|terrace|gardens|grove|boulevard|mews|court|place"
    r"|square|way|row|hill|parade|walk|rd|st|ave|ln|dr|blvd|ct|cres)\b"
)
_NO_STREET = (
    r"(?!(?i:the|a|an|all|my|our|your|this|that|days?|weeks?|months?|years?|hours?|hrs?|minutes?|mins?|miles?"
    r"|stars?|times?|st|nd|rd|th|am|pm|and|or|of|to|in|at|on|for|january|february|march|april|may|june|july"
    r"|august|september|october|november|december)\b)"
)
_HOUSE = r"(?<![\w£$€.,:/-])\d{1,5}[A-Za-z]?(?:-\d{1,5})?,?"
_CAPITAL = r"[A-ZÀ-Ý][\w'’-]{1,30}"

STREETS = {
    "English": rf"{_HOUSE} {_NO_STREET}(?:[NSEW]\.? |St\. )?(?:{_CAPITAL} ){{1,3}}{_SUFFIX}",
    "English, small letters": (
        rf"{_HOUSE} {_NO_STREET}[a-z]{{3,20}} (?:lane|road|street|avenue|crescent|terrace)\b"
    ),
    "German": (
        r"\b[A-ZÄÖÜ][\w-]{1,30}(?:straße|strasse|str\.|weg|gasse|allee|platz) \d{1,4}[a-z]?(?:,? \d{5})?\b"
    ),
    "French": (
        r"(?<!\w)\d{1,4}(?: ?bis| ?ter)?,? (?:rue|avenue|boulevard|place|chemin|impasse|allée|quai) "
        rf"(?:de la |de l'|du |des |de |d'|l')?{_CAPITAL}(?: {_CAPITAL}){{0,2}}"
    ),
    "Spanish": (
        rf"\b[Cc](?:alle|/) ?(?:de la |del |de )?{_CAPITAL}(?: {_CAPITAL}){{0,2}},? "
        r"(?:n[.º°]{0,2} ?)?\d{1,4}\b"
    ),
    "post office box": r"(?i)(?<!\w)(?:p\.?\s?o\.?\s?box|postfach)\s{1,2}\d{1,6}(?!\w)",
}

POSTCODES = {
    "named": (
        r"(?i)\b(?:zip|post(?:al)?)(?:[ -]?code)?(?: is)?[:\s]{1,3}\K(?=[a-z]{0,3}\d)[a-z\d]{2,7}"
        r"(?:[ -][a-z\d]{2,4})?(?!\w)"
    ),
    "US": r"(?<![\w-])[A-Z]{2},? \K\d{5}(?:-\d{4})?(?![\w-])",
}

IP = r"[0-9A-Fa-f:.]{7,45}"  # whether it is one is checked

LINK = (
    r"(?i)(?:https?://|www\.)[^\s<>\"']{2,2000}[^\s<>\"'.,;:!?)\]]"
    r"|\b[\w-]{1,63}(?:\.[\w-]{1,63}){0,3}\.(?-i:[a-z]{2,6})/[^\s<>\"']{1,2000}"
)
PERSONAL_URL_PART = r"(?i)^(?:https?://|www\.)|[?#@]|/[^/\s]*\d{4}[^/\s]*|/[0-9a-f-]{12,}(?:/|$)"
