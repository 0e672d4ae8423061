"""A stand-in for the WhatsApp Cloud API, behaving as its documentation says.

The demo and the tests speak to it; nothing in the rest of Siaga knows that it is not the real one.
"""
