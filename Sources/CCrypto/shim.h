// What Signing uses of libcrypto: digests, signatures and their errors, and RFC 3161 time stamps.
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ts.h>
#include <openssl/x509.h>
#include <string.h>

// Checks an RFC 3161 response (DER) over a SHA-256 against the authorities in a PEM text, with the
// certificates judged at the time of the stamp. 0 and the time in seconds since 1970, or:
// 1 not a response, 2 no authorities, 3 not valid, 4 out of memory.
static inline int ccrypto_check_timestamp(
    const unsigned char *response, long length, const unsigned char imprint[32], const char *pem,
    int pem_length, long long *seconds) {
  int result = 4;
  const unsigned char *start = response;
  TS_VERIFY_CTX *context = NULL;
  TS_RESP *parsed = d2i_TS_RESP(NULL, &start, length);
  X509_STORE *store = X509_STORE_new();
  BIO *text = BIO_new_mem_buf(pem, pem_length);
  unsigned char *copy = (unsigned char *)OPENSSL_memdup(imprint, 32);
  TS_TST_INFO *info = parsed ? TS_RESP_get_tst_info(parsed) : NULL;
  struct tm moment;
  if (!store || !text || !copy) goto done;
  result = 1;
  if (!info || start != response + length) goto done;
  if (!ASN1_TIME_to_tm(TS_TST_INFO_get_time(info), &moment)) goto done;
  *seconds = (long long)timegm(&moment);
  result = 2;
  for (;;) {
    X509 *certificate = PEM_read_bio_X509(text, NULL, NULL, NULL);
    if (!certificate) break;
    if (X509_STORE_add_cert(store, certificate)) result = 3;
    X509_free(certificate);
  }
  if (result != 3) goto done;
  X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store), (time_t)*seconds);
  context = TS_VERIFY_CTX_new();
  if (!context) {
    result = 4;
    goto done;
  }
  TS_VERIFY_CTX_set_flags(context, TS_VFY_VERSION | TS_VFY_SIGNATURE | TS_VFY_IMPRINT);
  TS_VERIFY_CTX_set_store(context, store);
  TS_VERIFY_CTX_set_imprint(context, copy, 32);
  store = NULL;
  copy = NULL;
  if (TS_RESP_verify_response(context, parsed) == 1) result = 0;
done:
  ERR_clear_error();
  TS_VERIFY_CTX_free(context);
  X509_STORE_free(store);
  OPENSSL_free(copy);
  BIO_free(text);
  TS_RESP_free(parsed);
  return result;
}
