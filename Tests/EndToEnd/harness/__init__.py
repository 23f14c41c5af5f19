"""The building blocks of the black-box tests: real processes, raw clients, no mocks."""
