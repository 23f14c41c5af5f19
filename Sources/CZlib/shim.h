/* Input pointers become pointers to const: without it Swift could only pass what it may change. */
#define ZLIB_CONST
#include <zlib.h>
