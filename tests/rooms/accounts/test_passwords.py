"""What a password must be; and temporary ones that can be read aloud."""

import pytest
from django.core.exceptions import ValidationError

from siaga.accounts.passwords import PlainPatternValidator, ensure_good_pin, temporary_password


@pytest.mark.parametrize("password", ["aaaaaaaaaaaaaaa", "abababababab", "345678901234567"])
def test_a_long_password_without_substance_is_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        PlainPatternValidator().validate(password)


@pytest.mark.parametrize("password", ["sawah hijau gunung", "904417723168", "kopi-pagi-hujan"])
def test_no_mixture_of_signs_is_demanded(password: str) -> None:
    PlainPatternValidator().validate(password)


def test_a_temporary_password_has_no_lookalikes_and_never_comes_twice() -> None:
    made = {temporary_password() for _each in range(200)}
    assert len(made) == 200
    assert not set("".join(made)) & set("01ilo")


@pytest.mark.parametrize("pin", ["802146", "135791", "112233445566"])
def test_a_pin_that_is_no_run_is_taken(pin: str) -> None:
    ensure_good_pin(pin)
