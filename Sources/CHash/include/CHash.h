// SHA-256 (FIPS 180-4), with the SHA extensions of x86-64 where the processor has them. Base wraps
// it (Codec/SHA256.swift); nothing else includes this.

#ifndef CHASH_H
#define CHASH_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
  uint32_t state[8];
  uint64_t byte_count;
  uint8_t block[64];
} chash_sha256;

void chash_sha256_begin(chash_sha256 *context);
void chash_sha256_update(chash_sha256 *context, const void *bytes, size_t count);
void chash_sha256_end(chash_sha256 *context, uint8_t digest[32]);

// A digest as four big-endian numbers: passed in registers, no memory to allocate.
typedef struct {
  uint64_t word0, word1, word2, word3;
} chash_digest;

// The digest of everything fed so far; the context can go on.
chash_digest chash_sha256_digest(const chash_sha256 *context);

// The digest of `prefix` (at most 32 bytes) followed by `bytes`.
chash_digest chash_sha256_prefixed(chash_digest prefix, size_t prefix_count, const void *bytes,
                                   size_t count);

// The digest of the byte 1 and two digests: a node of a Merkle tree (RFC 9162).
chash_digest chash_sha256_node(chash_digest left, chash_digest right);

// HMAC (RFC 2104), from contexts that were fed the padded keys.
chash_digest chash_hmac_sha256(const chash_sha256 *inner, const chash_sha256 *outer,
                               const void *message, size_t count);

// SHA-256(salt ‖ bytes), where the salt is the HMAC of eight bytes under the key of the two
// contexts, which were fed one block each.
chash_digest chash_salted_sha256(const chash_sha256 *inner, const chash_sha256 *outer,
                                 uint64_t message, const void *bytes, size_t count);

typedef struct {
  chash_digest first, second;
} chash_digests;

// The same for two values at once, which takes less time than one after the other.
chash_digests chash_salted_sha256_pair(const chash_sha256 *inner, const chash_sha256 *outer,
                                       uint64_t first_message, const void *first,
                                       size_t first_count, uint64_t second_message,
                                       const void *second, size_t second_count);

// The digests of two messages at once.
chash_digests chash_sha256_pair(const void *first, size_t first_count, const void *second,
                                size_t second_count);

// A level of a Merkle tree: `digests[i]` becomes the node over 2i and 2i + 1, for i below `count`.
void chash_sha256_level(chash_digest *digests, size_t count);

// Whether this processor has the SHA extensions.
int chash_sha256_is_accelerated(void);

// Hashes `count` blocks of 64 bytes into `state`, without and with the extensions; both are for the
// two files here and for tests that compare them.
void chash_sha256_blocks_portable(uint32_t state[8], const uint8_t *bytes, size_t count);
void chash_sha256_blocks_accelerated(uint32_t state[8], const uint8_t *bytes, size_t count);
// The same for two states and as many blocks each; the instructions of one fill the waits of the
// other.
void chash_sha256_blocks_pair(uint32_t first[8], const uint8_t *first_bytes, uint32_t second[8],
                              const uint8_t *second_bytes, size_t count);

#endif
