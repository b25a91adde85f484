#include <sodium.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * A security key without hardware, for SecurityKeyProvider: the seed of the key is its handle, and who is to touch it always does.
 * Ed25519 only. The interface is OpenSSH's, PROTOCOL.u2f and sk-api.h of 9.0 and later.
 */

enum { TOUCH = 1 /* a person has to be there */ };
enum { API_VERSION = 0x000a0000, ALG_ED25519 = 1, FAILED = -1, UNSUPPORTED = -2 };

struct sk_enroll_response {
	uint8_t flags;
	uint8_t *public_key;
	size_t public_key_len;
	uint8_t *key_handle;
	size_t key_handle_len;
	uint8_t *signature;
	size_t signature_len;
	uint8_t *attestation_cert;
	size_t attestation_cert_len;
	uint8_t *authdata;
	size_t authdata_len;
};

struct sk_sign_response {
	uint8_t flags;
	uint32_t counter;
	uint8_t *sig_r;
	size_t sig_r_len;
	uint8_t *sig_s;
	size_t sig_s_len;
};

struct sk_option;
struct sk_resident_key;

uint32_t sk_api_version(void);
int sk_enroll(uint32_t alg, const uint8_t *challenge, size_t challenge_len, const char *application, uint8_t flags, const char *pin,
	      struct sk_option **options, struct sk_enroll_response **ret);
int sk_sign(uint32_t alg, const uint8_t *data, size_t data_len, const char *application, const uint8_t *handle, size_t handle_len, uint8_t flags,
	    const char *pin, struct sk_option **options, struct sk_sign_response **ret);
int sk_load_resident_keys(const char *pin, struct sk_option **options, struct sk_resident_key ***ret, size_t *ret_n);

uint32_t sk_api_version(void)
{
	return API_VERSION;
}

int sk_enroll(uint32_t alg, const uint8_t *challenge, size_t challenge_len, const char *application, uint8_t flags, const char *pin,
	      struct sk_option **options, struct sk_enroll_response **ret)
{
	struct sk_enroll_response *r = calloc(1, sizeof(*r));
	unsigned char secret[crypto_sign_SECRETKEYBYTES];

	(void)challenge, (void)challenge_len, (void)application, (void)pin, (void)options;
	if (r == NULL || alg != ALG_ED25519 || sodium_init() < 0) {
		free(r);
		return alg != ALG_ED25519 ? UNSUPPORTED : FAILED;
	}
	r->flags = flags;
	r->public_key = malloc(r->public_key_len = crypto_sign_PUBLICKEYBYTES);
	r->key_handle = malloc(r->key_handle_len = crypto_sign_SEEDBYTES);
	r->signature = calloc(1, r->signature_len = crypto_sign_BYTES); /* nobody looks at what attests */
	if (r->public_key == NULL || r->key_handle == NULL || r->signature == NULL)
		return FAILED;
	randombytes_buf(r->key_handle, r->key_handle_len);
	crypto_sign_seed_keypair(r->public_key, secret, r->key_handle);
	*ret = r;
	return 0;
}

int sk_sign(uint32_t alg, const uint8_t *data, size_t data_len, const char *application, const uint8_t *handle, size_t handle_len, uint8_t flags,
	    const char *pin, struct sk_option **options, struct sk_sign_response **ret)
{
	/* what is signed: SHA-256 of the application, flags, counter, SHA-256 of the data */
	unsigned char text[crypto_hash_sha256_BYTES + 5 + crypto_hash_sha256_BYTES] = { 0 }, public[crypto_sign_PUBLICKEYBYTES],
		      secret[crypto_sign_SECRETKEYBYTES];
	struct sk_sign_response *r = calloc(1, sizeof(*r));

	(void)pin, (void)options;
	if ((flags & TOUCH) != 0) /* a person takes as long, and sees meanwhile what is to be touched */
		sleep(1);
	if (r == NULL || alg != ALG_ED25519 || handle_len != crypto_sign_SEEDBYTES || sodium_init() < 0 ||
	    (r->sig_r = malloc(r->sig_r_len = crypto_sign_BYTES)) == NULL) {
		free(r);
		return FAILED;
	}
	r->flags = flags;
	r->counter = 1;
	crypto_hash_sha256(text, (const unsigned char *)application, strlen(application));
	text[crypto_hash_sha256_BYTES] = r->flags;
	text[crypto_hash_sha256_BYTES + 4] = (unsigned char)r->counter;
	crypto_hash_sha256(text + crypto_hash_sha256_BYTES + 5, data, data_len);
	crypto_sign_seed_keypair(public, secret, handle);
	crypto_sign_detached(r->sig_r, NULL, text, sizeof(text), secret);
	*ret = r;
	return 0;
}

int sk_load_resident_keys(const char *pin, struct sk_option **options, struct sk_resident_key ***ret, size_t *ret_n)
{
	(void)pin, (void)options, (void)ret, (void)ret_n;
	return UNSUPPORTED;
}
