/* Declares input pointers as pointers to const, so that Swift can pass immutable buffers. */
#define ZLIB_CONST
#include <zlib.h>
