"""Staff who are signed in, with forms as a browser sends them."""

from tests.responses.conftest import sign_in as sign_in
