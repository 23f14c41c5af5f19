"""The parts that the black-box tests are made of: real processes, raw clients, no mocks."""
