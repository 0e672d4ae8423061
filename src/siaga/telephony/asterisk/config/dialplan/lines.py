"""Small words to write a dialplan with. Pure."""

from collections.abc import Sequence

from siaga.telephony import names
from siaga.telephony.names import Mark

Step = str | tuple[str, str]
"""An application, or a label and an application."""


def context(name: str, *extensions: str) -> str:
    """A context and what can be dialled in it."""
    return "\n".join([f"\n[{name}]", *extensions])


def extension(pattern: str, *steps: Step) -> str:
    """One extension; `;` would begin a comment, so it is escaped."""
    lines = []
    for index, step in enumerate(steps):
        label, action = step if isinstance(step, tuple) else ("", step)
        action = action.replace(";", "\\;")
        if index == 0:
            lines.append(f"exten => {pattern},1{f'({label})' if label else ''},{action}")
        else:
            lines.append(f" same => n{f'({label})' if label else ''},{action}")
    return "\n".join(lines)


def mark(which: Mark, **details: str) -> tuple[str, str]:
    """The same news twice: kept in the CEL file, and told to whoever listens on AMI."""
    told = ";".join(f"{key}={value}" for key, value in details.items())
    return (
        f"CELGenUserEvent({which},{told})",
        f"UserEvent({names.USER_EVENT},Mark: {which},Details: {told})",
    )


def when(condition: str, action: str) -> str:
    """`action` if the condition holds."""
    return f"ExecIf($[{condition}]?{action})"


def jump(condition: str, target: str) -> str:
    """Go there if the condition holds."""
    return f"GotoIf($[{condition}]?{target})"


def same(variable: str, value: str) -> str:
    """A condition: the variable is exactly this."""
    return f'"${{{variable}}}" = "{value}"'


def channels(endpoints: Sequence[str]) -> str:
    """Several phones to be rung at once."""
    return "&".join(names.channel(endpoint) for endpoint in endpoints)
