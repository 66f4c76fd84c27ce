"""The HTTP face: FastAPI routes that parse, ask who is calling, call one function and answer."""
