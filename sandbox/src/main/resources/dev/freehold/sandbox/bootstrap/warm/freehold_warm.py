"""Loaded and called by the bootstrap while its environment waits, so that what every function needs
is loaded before there is one."""


def handler(event, context):
    return event
