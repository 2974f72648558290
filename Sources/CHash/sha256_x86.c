// SHA-256 with the SHA extensions of x86-64 (Intel 64 manual, SHA256RNDS2, SHA256MSG1, SHA256MSG2).
// The state is kept as (a, b, e, f) and (c, d, g, h), as the instructions want it.

#include "CHash.h"

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>

static int detect(void) {
  unsigned a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d)) return 0;
  int has_sse41 = (c >> 19) & 1, has_ssse3 = (c >> 9) & 1;
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return 0;
  return has_sse41 && has_ssse3 && ((b >> 29) & 1);
}

int chash_sha256_is_accelerated(void) {
  // 0: not asked yet, 1: no, 2: yes. Two threads that ask at once find the same answer.
  static int known;
  int answer = __atomic_load_n(&known, __ATOMIC_RELAXED);
  if (answer == 0) {
    answer = detect() ? 2 : 1;
    __atomic_store_n(&known, answer, __ATOMIC_RELAXED);
  }
  return answer == 2;
}

static const uint32_t round_constants[64] __attribute__((aligned(16))) = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

// One lane is one state and its blocks; each of these is a step of one, or of two.
#define LOAD(lane, group) \
  _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(lane##_bytes + 16 * (group))), swap)
#define SCHEDULE(lane, a, b, c, d)                                                        \
  lane##_w[a] = _mm_sha256msg2_epu32(                                                     \
      _mm_add_epi32(_mm_sha256msg1_epu32(lane##_w[a], lane##_w[b]),                       \
                    _mm_alignr_epi8(lane##_w[d], lane##_w[c], 4)),                        \
      lane##_w[d])
#define ROUNDS(lane, word, group)                                                         \
  lane##_sum = _mm_add_epi32(lane##_w[word],                                              \
                             _mm_load_si128((const __m128i *)(round_constants + 4 * (group)))); \
  lane##_cdgh = _mm_sha256rnds2_epu32(lane##_cdgh, lane##_abef, lane##_sum);              \
  lane##_abef = _mm_sha256rnds2_epu32(lane##_abef, lane##_cdgh,                           \
                                      _mm_shuffle_epi32(lane##_sum, 0x0E))
#define BOTH_ROUNDS(word, group) \
  ROUNDS(x, word, group);        \
  ROUNDS(y, word, group)
#define BOTH_LATER(a, b, c, d, group) \
  SCHEDULE(x, a, b, c, d);            \
  SCHEDULE(y, a, b, c, d);            \
  BOTH_ROUNDS(a, group)
#define TAKE_STATE(lane, state)                                                            \
  __m128i lane##_low = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(state)), 0xB1); \
  __m128i lane##_high =                                                                    \
      _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)((state) + 4)), 0x1B);            \
  __m128i lane##_abef = _mm_alignr_epi8(lane##_low, lane##_high, 8);                       \
  __m128i lane##_cdgh = _mm_blend_epi16(lane##_high, lane##_low, 0xF0);                    \
  __m128i lane##_w[4], lane##_sum
#define GIVE_STATE(lane, state)                                                                   \
  lane##_low = _mm_shuffle_epi32(lane##_abef, 0x1B);                                              \
  lane##_high = _mm_shuffle_epi32(lane##_cdgh, 0xB1);                                             \
  _mm_storeu_si128((__m128i *)(state), _mm_blend_epi16(lane##_low, lane##_high, 0xF0));           \
  _mm_storeu_si128((__m128i *)((state) + 4), _mm_alignr_epi8(lane##_high, lane##_low, 8))

#define ONE_LATER(a, b, c, d, group) \
  SCHEDULE(x, a, b, c, d);           \
  ROUNDS(x, a, group)

__attribute__((target("sha,sse4.1,ssse3"))) void chash_sha256_blocks_accelerated(
    uint32_t state[8], const uint8_t *x_bytes, size_t count) {
  const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0bULL, 0x0405060700010203ULL);
  TAKE_STATE(x, state);
  for (; count > 0; count--, x_bytes += 64) {
    const __m128i x_abef_before = x_abef, x_cdgh_before = x_cdgh;
    for (int group = 0; group < 4; group++) x_w[group] = LOAD(x, group);
    ROUNDS(x, 0, 0);
    ROUNDS(x, 1, 1);
    ROUNDS(x, 2, 2);
    ROUNDS(x, 3, 3);
    for (int group = 4; group < 16; group += 4) {
      ONE_LATER(0, 1, 2, 3, group);
      ONE_LATER(1, 2, 3, 0, group + 1);
      ONE_LATER(2, 3, 0, 1, group + 2);
      ONE_LATER(3, 0, 1, 2, group + 3);
    }
    x_abef = _mm_add_epi32(x_abef, x_abef_before);
    x_cdgh = _mm_add_epi32(x_cdgh, x_cdgh_before);
  }
  GIVE_STATE(x, state);
}

__attribute__((target("sha,sse4.1,ssse3"))) static void blocks_pair_accelerated(
    uint32_t first[8], const uint8_t *x_bytes, uint32_t second[8], const uint8_t *y_bytes,
    size_t count) {
  const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0bULL, 0x0405060700010203ULL);
  TAKE_STATE(x, first);
  TAKE_STATE(y, second);
  for (; count > 0; count--, x_bytes += 64, y_bytes += 64) {
    const __m128i x_abef_before = x_abef, x_cdgh_before = x_cdgh;
    const __m128i y_abef_before = y_abef, y_cdgh_before = y_cdgh;
    for (int group = 0; group < 4; group++) {
      x_w[group] = LOAD(x, group);
      y_w[group] = LOAD(y, group);
    }
    BOTH_ROUNDS(0, 0);
    BOTH_ROUNDS(1, 1);
    BOTH_ROUNDS(2, 2);
    BOTH_ROUNDS(3, 3);
    for (int group = 4; group < 16; group += 4) {
      BOTH_LATER(0, 1, 2, 3, group);
      BOTH_LATER(1, 2, 3, 0, group + 1);
      BOTH_LATER(2, 3, 0, 1, group + 2);
      BOTH_LATER(3, 0, 1, 2, group + 3);
    }
    x_abef = _mm_add_epi32(x_abef, x_abef_before);
    x_cdgh = _mm_add_epi32(x_cdgh, x_cdgh_before);
    y_abef = _mm_add_epi32(y_abef, y_abef_before);
    y_cdgh = _mm_add_epi32(y_cdgh, y_cdgh_before);
  }
  GIVE_STATE(x, first);
  GIVE_STATE(y, second);
}

void chash_sha256_blocks_pair(uint32_t first[8], const uint8_t *first_bytes, uint32_t second[8],
                              const uint8_t *second_bytes, size_t count) {
  if (chash_sha256_is_accelerated()) {
    blocks_pair_accelerated(first, first_bytes, second, second_bytes, count);
  } else {
    chash_sha256_blocks_portable(first, first_bytes, count);
    chash_sha256_blocks_portable(second, second_bytes, count);
  }
}

#else

void chash_sha256_blocks_pair(uint32_t first[8], const uint8_t *first_bytes, uint32_t second[8],
                              const uint8_t *second_bytes, size_t count) {
  chash_sha256_blocks_portable(first, first_bytes, count);
  chash_sha256_blocks_portable(second, second_bytes, count);
}

int chash_sha256_is_accelerated(void) { return 0; }

void chash_sha256_blocks_accelerated(uint32_t state[8], const uint8_t *bytes, size_t count) {
  chash_sha256_blocks_portable(state, bytes, count);
}

#endif
