/* Base64: what is read is written again as the same text, and nothing is written past its room. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "jobs/sign/base64.h"

#define ROOM 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *out = malloc(ROOM);
	char text[SL_BASE64_TEXT(ROOM) + 1];
	size_t n;

	if (out == NULL)
		return 0;
	if (sl_base64_read((const char *)data, size, out, ROOM, &n)) {
		sl_base64_write(out, n, text);
		if (n > ROOM || strlen(text) != size || memcmp(text, data, size) != 0)
			abort();
	} else if (n != 0)
		abort();
	free(out);
	return 0;
}
