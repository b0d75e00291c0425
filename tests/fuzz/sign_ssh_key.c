/* Public key lines and their wire form: what is read is written again and read as the same key. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "jobs/sign/ssh_key.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void again(const struct sl_ssh_key *key)
{
	struct sl_ssh_key back;
	struct sl_buf line = { 0 };

	sl_ssh_key_text(key, &line);
	if (!line.failed &&
	    (sl_ssh_key_parse((const char *)line.data, line.len, &back, NULL) != SL_OK || !sl_ssh_key_equal(key, &back)))
		abort();
	sl_buf_free(&line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sl_ssh_key key;

	if (sl_ssh_key_parse((const char *)data, size, &key, NULL) == SL_OK)
		again(&key);
	if (sl_ssh_key_from_blob(data, size, &key, NULL) == SL_OK) {
		struct sl_buf blob = { 0 };
		again(&key);
		sl_ssh_key_blob(&key, &blob);
		if (!blob.failed && (blob.len != size || memcmp(blob.data, data, size) != 0))
			abort();
		sl_buf_free(&blob);
	} else if (key.type != SL_SSH_NONE)
		abort();
	return 0;
}
