"""What some tests need: time, and what not every machine has; marks skip them there and say what is missing."""

import shutil

import pytest

from tests.fakes.spec import SPECS

#: Seconds for what must come: only a test that fails waits so long, however busy the machine is.
PATIENCE = 120.0
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
