/// A format that contains deflate data.
///
/// The raw value is the `windowBits` argument of `inflateInit2` (zlib.h): 15 for the largest
/// window, plus 16 for gzip.
enum ZlibFormat: Int32 {
    case zlib = 15
    case gzip = 31
}
