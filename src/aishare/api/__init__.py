"""The HTTP API. Routes are thin: parse the request, call one service, build the response."""
