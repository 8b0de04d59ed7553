"""Indonesian mobile numbers in one canonical form, +628…"""

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

from bot.domain.cleaning import typed
from bot.errors import Doubtful, Invalid

_LABELS = re.compile(
    r"\b(?:no|nomor|nomer|hp|handphone|wa|whatsapp|telp|telepon|tlp|telegram|nya|saya|ini)\b[ .:=]*"
)
_BETWEEN = re.compile(r"[/,;&]|\b(?:dan|atau)\b|\s{2,}")
_USUAL = len("+6281234567890") - 1  # ten digits after 0 are right only for a few numbers of the first years
_MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


def parse_mobile(text: str) -> str:
    """The number as +628…; numbers of other kinds and countries only after a question."""
    plain = _LABELS.sub(" ", typed(re.sub(r"[\r\n]+", " / ", text[:1000])).casefold())
    parts = [part for part in _BETWEEN.split(plain.strip(" .:")) if re.search("[0-9]", part)]
    if not parts:
        raise Invalid("invalid/phone_missing")
    numbers = list(dict.fromkeys(_one(part) for part in parts))
    if len(numbers) > 1:
        raise Doubtful("invalid/phone_two", numbers[0], masked=masked(numbers[0]))
    return numbers[0]


def _one(part: str) -> str:
    if re.search("[^0-9 ()+._-]", part):
        raise Invalid("invalid/phone_letters")
    digits = re.sub("[^0-9]", "", part)
    international = part.lstrip(" (").startswith("+") or digits.startswith("00")
    digits = digits.removeprefix("00")
    if not international:
        digits = _from_home(digits)
    if not 5 <= len(digits) <= 16:
        raise Invalid("invalid/phone_length", count=len(digits))
    try:
        number = phonenumbers.parse(f"+{digits}")
    except NumberParseException:
        raise Invalid("invalid/phone_length", count=len(digits)) from None
    return _kind(number, phonenumbers.format_number(number, PhoneNumberFormat.E164))


def _from_home(digits: str) -> str:
    """With the country's code, for what is typed as at home: 0812…, 812…, 62812…, 620812…"""
    if digits.startswith("0"):
        return "62" + digits.removeprefix("0")
    if digits.startswith("8"):
        return "62" + digits
    return "62" + digits.removeprefix("620") if digits.startswith("620") else digits


def _kind(number: PhoneNumber, written: str) -> str:
    """Refuse or doubt what is not an Indonesian mobile number of usual length."""
    valid = phonenumbers.is_valid_number(number)
    if number.country_code != 62:
        if valid:
            raise Doubtful("invalid/phone_abroad", written, masked=masked(written))
        raise Invalid("invalid/phone_start")
    if not written.startswith("+628"):
        if valid:
            raise Doubtful("invalid/phone_landline", written, masked=masked(written))
        raise Invalid("invalid/phone_start")
    if not valid or phonenumbers.number_type(number) not in _MOBILE:
        raise Invalid("invalid/phone_length", count=len(written) - 2)
    if len(written) < _USUAL:
        raise Doubtful("invalid/phone_short", written, count=len(written) - 2)
    return written


def dialled(phone: str) -> str:
    """As it is typed into a telephone: "081234567890"."""
    return f"0{phone[3:]}" if phone.startswith("+62") else phone


def masked(phone: str) -> str:
    """As it may be shown in a chat: "••••7890"."""
    return "••••" + phone[-4:]
