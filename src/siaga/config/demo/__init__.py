"""A plausible day in every region: people with sign-ins, citizens who write, agencies that act.

Everything it does goes through the same doors as in service: signed webhooks, the citizen's form,
the API. Everything it makes is marked as a test.
"""
