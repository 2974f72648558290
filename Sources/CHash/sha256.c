// SHA-256 as FIPS 180-4 writes it, and the choice of the block function at run time.

#include "CHash.h"

#include <string.h>

static const uint32_t round_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t rotate(uint32_t word, int bits) { return word >> bits | word << (32 - bits); }

static void schedule(uint32_t words[64], const uint8_t *bytes) {
  for (int i = 0; i < 16; i++) {
    words[i] = (uint32_t)bytes[4 * i] << 24 | (uint32_t)bytes[4 * i + 1] << 16 |
               (uint32_t)bytes[4 * i + 2] << 8 | (uint32_t)bytes[4 * i + 3];
  }
  for (int i = 16; i < 64; i++) {
    uint32_t a = words[i - 15], b = words[i - 2];
    uint32_t s0 = rotate(a, 7) ^ rotate(a, 18) ^ a >> 3;
    uint32_t s1 = rotate(b, 17) ^ rotate(b, 19) ^ b >> 10;
    words[i] = words[i - 16] + s0 + words[i - 7] + s1;
  }
}

void chash_sha256_blocks_portable(uint32_t state[8], const uint8_t *bytes, size_t count) {
  for (; count > 0; count--, bytes += 64) {
    uint32_t words[64];
    schedule(words, bytes);
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
    uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
    for (int i = 0; i < 64; i++) {
      uint32_t s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
      uint32_t first = h + s1 + ((e & f) ^ (~e & g)) + round_constants[i] + words[i];
      uint32_t s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
      uint32_t second = s0 + ((a & b) ^ (a & c) ^ (b & c));
      h = g;
      g = f;
      f = e;
      e = d + first;
      d = c;
      c = b;
      b = a;
      a = first + second;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
    state[5] += f;
    state[6] += g;
    state[7] += h;
  }
}

static void blocks(uint32_t state[8], const uint8_t *bytes, size_t count) {
  if (chash_sha256_is_accelerated()) {
    chash_sha256_blocks_accelerated(state, bytes, count);
  } else {
    chash_sha256_blocks_portable(state, bytes, count);
  }
}

static const uint32_t start_state[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                        0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

void chash_sha256_begin(chash_sha256 *context) {
  memcpy(context->state, start_state, sizeof start_state);
  context->byte_count = 0;
}

void chash_sha256_update(chash_sha256 *context, const void *bytes, size_t count) {
  const uint8_t *next = bytes;
  size_t held = context->byte_count % 64;
  context->byte_count += count;
  if (count == 0) return;
  if (held > 0) {
    size_t taken = 64 - held < count ? 64 - held : count;
    memcpy(context->block + held, next, taken);
    next += taken;
    count -= taken;
    if (held + taken < 64) return;
    blocks(context->state, context->block, 1);
  }
  blocks(context->state, next, count / 64);
  memcpy(context->block, next + count / 64 * 64, count % 64);
}

void chash_sha256_end(chash_sha256 *context, uint8_t digest[32]) {
  uint64_t bits = context->byte_count * 8;
  size_t held = context->byte_count % 64;
  context->block[held++] = 0x80;
  if (held > 56) {
    memset(context->block + held, 0, 64 - held);
    blocks(context->state, context->block, 1);
    held = 0;
  }
  memset(context->block + held, 0, 56 - held);
  for (int i = 0; i < 8; i++) context->block[56 + i] = (uint8_t)(bits >> (56 - 8 * i));
  blocks(context->state, context->block, 1);
  for (int i = 0; i < 8; i++) {
    digest[4 * i] = (uint8_t)(context->state[i] >> 24);
    digest[4 * i + 1] = (uint8_t)(context->state[i] >> 16);
    digest[4 * i + 2] = (uint8_t)(context->state[i] >> 8);
    digest[4 * i + 3] = (uint8_t)context->state[i];
  }
}

static uint64_t big(const uint8_t *bytes) {
  uint64_t word = 0;
  for (int i = 0; i < 8; i++) word = word << 8 | bytes[i];
  return word;
}

static void put_big(uint8_t *bytes, uint64_t word) {
  for (int i = 0; i < 8; i++) bytes[i] = (uint8_t)(word >> (56 - 8 * i));
}

static void put_digest(uint8_t bytes[32], chash_digest digest) {
  put_big(bytes, digest.word0);
  put_big(bytes + 8, digest.word1);
  put_big(bytes + 16, digest.word2);
  put_big(bytes + 24, digest.word3);
}

// Ends a context that is not needed any more.
static chash_digest finish(chash_sha256 *context) {
  uint8_t bytes[32];
  chash_sha256_end(context, bytes);
  chash_digest digest = {big(bytes), big(bytes + 8), big(bytes + 16), big(bytes + 24)};
  return digest;
}

chash_digest chash_sha256_digest(const chash_sha256 *context) {
  chash_sha256 copy = *context;
  return finish(&copy);
}

chash_digest chash_sha256_prefixed(chash_digest prefix, size_t prefix_count, const void *bytes,
                                   size_t count) {
  uint8_t first[32];
  chash_sha256 context;
  put_digest(first, prefix);
  chash_sha256_begin(&context);
  chash_sha256_update(&context, first, prefix_count < 32 ? prefix_count : 32);
  chash_sha256_update(&context, bytes, count);
  return finish(&context);
}

chash_digest chash_sha256_node(chash_digest left, chash_digest right) {
  uint8_t bytes[65];
  chash_sha256 context;
  bytes[0] = 1;
  put_digest(bytes + 1, left);
  put_digest(bytes + 33, right);
  chash_sha256_begin(&context);
  chash_sha256_update(&context, bytes, sizeof bytes);
  return finish(&context);
}

chash_digest chash_hmac_sha256(const chash_sha256 *inner, const chash_sha256 *outer,
                               const void *message, size_t count) {
  uint8_t bytes[32];
  chash_sha256 first = *inner, second = *outer;
  chash_sha256_update(&first, message, count);
  chash_sha256_end(&first, bytes);
  chash_sha256_update(&second, bytes, sizeof bytes);
  return finish(&second);
}

static void put_state(uint8_t bytes[32], const uint32_t state[8]) {
  for (int i = 0; i < 8; i++) {
    for (int j = 0; j < 4; j++) bytes[4 * i + j] = (uint8_t)(state[i] >> (24 - 8 * j));
  }
}

// The last block of a message of `count` bytes, of which `held` (at most 55) are in the block.
static void pad(uint8_t block[64], size_t held, uint64_t count) {
  block[held] = 0x80;
  memset(block + held + 1, 0, 55 - held);
  put_big(block + 56, count * 8);
}

static chash_digest digest_of(const uint32_t state[8]) {
  chash_digest digest = {
      (uint64_t)state[0] << 32 | state[1], (uint64_t)state[2] << 32 | state[3],
      (uint64_t)state[4] << 32 | state[5], (uint64_t)state[6] << 32 | state[7]};
  return digest;
}

// What is left of a message: whole blocks in place, then its end in one or two blocks of our own.
typedef struct {
  uint32_t state[8];
  const uint8_t *bytes;
  size_t blocks;
  uint8_t end[128];
  size_t end_blocks;
} pending;

// `held` bytes are in `end` already.
static void prepare(pending *lane, size_t held, const uint8_t *bytes, size_t count) {
  uint64_t all = held + count;
  if (held > 0 && held + count >= 64) {
    // The block that was begun is filled up.
    size_t taken = 64 - held;
    memcpy(lane->end + held, bytes, taken);
    blocks(lane->state, lane->end, 1);
    bytes += taken;
    count -= taken;
    held = 0;
  }
  lane->bytes = bytes;
  lane->blocks = held > 0 ? 0 : count / 64;
  size_t rest = count - lane->blocks * 64;
  if (rest > 0) memcpy(lane->end + held, bytes + lane->blocks * 64, rest);
  held += rest;
  lane->end_blocks = held > 55 ? 2 : 1;
  size_t size = lane->end_blocks * 64;
  lane->end[held] = 0x80;
  memset(lane->end + held + 1, 0, size - held - 9);
  put_big(lane->end + size - 8, all * 8);
}

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

static void run_pair(pending *x, pending *y) {
  size_t both = least(x->blocks, y->blocks);
  if (both > 0) chash_sha256_blocks_pair(x->state, x->bytes, y->state, y->bytes, both);
  if (x->blocks > both) blocks(x->state, x->bytes + both * 64, x->blocks - both);
  if (y->blocks > both) blocks(y->state, y->bytes + both * 64, y->blocks - both);
  both = least(x->end_blocks, y->end_blocks);
  chash_sha256_blocks_pair(x->state, x->end, y->state, y->end, both);
  if (x->end_blocks > both) blocks(x->state, x->end + 64, 1);
  if (y->end_blocks > both) blocks(y->state, y->end + 64, 1);
}

static chash_digests run_both(pending lanes[2]) {
  run_pair(&lanes[0], &lanes[1]);
  chash_digests digests = {digest_of(lanes[0].state), digest_of(lanes[1].state)};
  return digests;
}

chash_digests chash_sha256_pair(const void *first, size_t first_count, const void *second,
                                size_t second_count) {
  pending lanes[2];
  for (int i = 0; i < 2; i++) memcpy(lanes[i].state, start_state, sizeof start_state);
  prepare(&lanes[0], 0, first, first_count);
  prepare(&lanes[1], 0, second, second_count);
  return run_both(lanes);
}

chash_digests chash_salted_sha256_pair(const chash_sha256 *inner, const chash_sha256 *outer,
                                       uint64_t first_message, const void *first,
                                       size_t first_count, uint64_t second_message,
                                       const void *second, size_t second_count) {
  uint8_t block[2][64];
  uint32_t state[2][8];
  pending lanes[2];
  put_big(block[0], first_message);
  put_big(block[1], second_message);
  for (int i = 0; i < 2; i++) {
    pad(block[i], 8, 64 + 8);
    memcpy(state[i], inner->state, sizeof state[i]);
  }
  chash_sha256_blocks_pair(state[0], block[0], state[1], block[1], 1);
  for (int i = 0; i < 2; i++) {
    put_state(block[i], state[i]);
    pad(block[i], 32, 64 + 32);
    memcpy(state[i], outer->state, sizeof state[i]);
  }
  chash_sha256_blocks_pair(state[0], block[0], state[1], block[1], 1);
  for (int i = 0; i < 2; i++) {
    memcpy(lanes[i].state, start_state, sizeof start_state);
    put_state(lanes[i].end, state[i]);
  }
  prepare(&lanes[0], 32, first, first_count);
  prepare(&lanes[1], 32, second, second_count);
  return run_both(lanes);
}

chash_digest chash_salted_sha256(const chash_sha256 *inner, const chash_sha256 *outer,
                                 uint64_t message, const void *bytes, size_t count) {
  uint8_t block[64];
  uint32_t state[8];
  put_big(block, message);
  pad(block, 8, 64 + 8);
  memcpy(state, inner->state, sizeof state);
  blocks(state, block, 1);
  put_state(block, state);
  pad(block, 32, 64 + 32);
  memcpy(state, outer->state, sizeof state);
  blocks(state, block, 1);
  pending lane;
  memcpy(lane.state, start_state, sizeof start_state);
  put_state(lane.end, state);
  prepare(&lane, 32, bytes, count);
  if (lane.blocks > 0) blocks(lane.state, lane.bytes, lane.blocks);
  blocks(lane.state, lane.end, lane.end_blocks);
  return digest_of(lane.state);
}

// The end of the 65 bytes of a node, of which the first 64 are a block.
static void put_node(uint8_t block[128], chash_digest left, chash_digest right) {
  block[0] = 1;
  put_digest(block + 1, left);
  put_digest(block + 33, right);
  block[65] = 0x80;
  memset(block + 66, 0, 54);
  put_big(block + 120, 65 * 8);
}

void chash_sha256_level(chash_digest *digests, size_t count) {
  uint8_t block[2][128];
  size_t i = 0;
  for (; i + 2 <= count; i += 2) {
    uint32_t state[2][8];
    for (int j = 0; j < 2; j++) {
      put_node(block[j], digests[2 * (i + j)], digests[2 * (i + j) + 1]);
      memcpy(state[j], start_state, sizeof start_state);
    }
    chash_sha256_blocks_pair(state[0], block[0], state[1], block[1], 2);
    digests[i] = digest_of(state[0]);
    digests[i + 1] = digest_of(state[1]);
  }
  if (i < count) digests[i] = chash_sha256_node(digests[2 * i], digests[2 * i + 1]);
}
