// What Signing uses of libcrypto: digests, signatures and their errors.
#include <openssl/evp.h>
#include <openssl/err.h>
