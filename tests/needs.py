"""What some tests need and not every machine has: marks that skip them there, and say what is missing."""

import shutil

import pytest

from tests.fakes.spec import SPECS

CHROMIUM = shutil.which("chromium")
SOFFICE = shutil.which("soffice")
META = SPECS / "meta-business-messaging-api_v23.0.json"
FIXTURES = SPECS / "pywa-webhook-fixtures"

#: A page in a real browser.
chromium = pytest.mark.skipif(CHROMIUM is None, reason="no chromium: apt-get install chromium")
#: A sheet in a real office program.
soffice = pytest.mark.skipif(SOFFICE is None, reason="no soffice: apt-get install libreoffice-calc")
#: Meta's own description of the Cloud API.
meta = pytest.mark.skipif(not META.is_file(), reason="../shared/specs is not at hand")
#: The webhook bodies that the authors of a client library test with.
fixtures = pytest.mark.skipif(not any(FIXTURES.glob("*.json")), reason="../shared/specs is not at hand")
