/* seal_members.c - see seal_members.h. */
#include "enclave/engine/seal_members.h"

#include <string.h>

#define HEAD_BYTES 128 /* id, tag, and all of the record but its units, generously */
#define EXTRA_BYTES (SL_MEMBERS_ID_BYTES + SL_CIPHER_TAG_BYTES)

static const uint8_t nonce[SL_CIPHER_NONCE_BYTES];

enum sl_rc sl_members_seal(const struct sl_members *m, const uint8_t id[static SL_MEMBERS_ID_BYTES],
                           struct sl_cipher *cipher, struct sl_buf *out, struct sl_err *err)
{
	uint8_t tag[SL_CIPHER_TAG_BYTES];
	enum sl_rc rc;

	sl_buf_free(out);
	out->max = SL_MEMBERS_WIRE_MAX;
	if (m->nunits_bytes <= SL_MEMBERS_WIRE_MAX - HEAD_BYTES)
		sl_buf_reserve(out, m->nunits_bytes + HEAD_BYTES);
	sl_buf_put(out, id, SL_MEMBERS_ID_BYTES);
	rc = sl_codec_encode(&sl_members_record, m, out, err);
	if (rc == SL_OK)
		rc = sl_cipher_seal(cipher, nonce, id, SL_MEMBERS_ID_BYTES, out->data + SL_MEMBERS_ID_BYTES,
		                    out->len - SL_MEMBERS_ID_BYTES, out->data + SL_MEMBERS_ID_BYTES, tag, err);
	sl_buf_put(out, tag, sizeof tag);
	return rc == SL_OK ? sl_buf_ok(out, "the units of an output", err) : rc;
}

enum sl_rc sl_members_unseal(struct sl_buf *box, const uint8_t id[static SL_MEMBERS_ID_BYTES],
                             struct sl_cipher *cipher, struct sl_members *out, struct sl_err *err)
{
	uint8_t *text = box->data + SL_MEMBERS_ID_BYTES;
	enum sl_rc rc;

	memset(out, 0, sizeof *out);
	if (box->len < EXTRA_BYTES || memcmp(box->data, id, SL_MEMBERS_ID_BYTES) != 0)
		return sl_err_set(err, SL_E_INTEGRITY, "the units of an output are not those that were asked for");
	rc = sl_cipher_open(cipher, nonce, id, SL_MEMBERS_ID_BYTES, text, box->len - EXTRA_BYTES,
	                    box->data + box->len - SL_CIPHER_TAG_BYTES, text, err);
	return rc == SL_OK ? sl_members_stored(text, box->len - EXTRA_BYTES, out, err) : rc; /* the tag lies behind */
}
