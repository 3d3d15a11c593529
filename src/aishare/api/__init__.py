"""The HTTP door. Thin: parse, call one service, shape the answer."""
