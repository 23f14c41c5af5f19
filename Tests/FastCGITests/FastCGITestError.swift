/// The set-up of a test failed.
struct FastCGITestError: Error { let message: String }
