/*
 * ui_split.c - any line that may come over SSH: words are NUL-ended, in the text, and never more than was sent.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ui-cli/split.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *line = strndup((const char *)data, size);
	struct sl_err err = {0};
	struct sl_split s;
	size_t bytes = 0;

	if (!line)
		return 0;
	if (sl_split_line(line, &s, &err) == SL_OK) {
		for (uint32_t i = 0; i < s.nwords; i++)
			bytes += strlen(s.words[i]);
		if (bytes > strlen(line) || s.nwords > SL_SPLIT_WORDS_MAX)
			abort();
	} else if (err.rc == SL_OK || s.nwords) {
		abort();
	}
	sl_split_free(&s);
	free(line);
	return 0;
}
