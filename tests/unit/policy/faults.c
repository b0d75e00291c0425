/* faults.c - see faults.h. */
#include "tests/unit/policy/faults.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/vault/failing.h"

void *__wrap_malloc(size_t n);

void faults_at(unsigned long n)
{
	json_set_alloc_funcs(__wrap_malloc, free);
	failing_at(n);
}

char *text_of(const char *name)
{
	char path[512], *text;
	size_t room = (size_t)1 << 20, len;
	FILE *f;

	(void)snprintf(path, sizeof path, "%s/tests/data/%s", SL_TEST_SOURCE_DIR, name);
	f = fopen(path, "rb");
	if (f == NULL)
		fail_msg("%s: cannot open", path);
	text = calloc(1, room);
	assert_non_null(text);
	len = fread(text, 1, room - 1, f);
	assert_true(len > 0);
	(void)fclose(f);
	return text;
}

char *text_with(const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from);
	size_t head;
	char *out;

	if (at == NULL)
		fail_msg("the file has no %s", from);
	head = (size_t)(at - text);
	out = calloc(1, strlen(text) + strlen(to) + 1);
	assert_non_null(out);
	memcpy(out, text, head);
	(void)snprintf(out + head, strlen(text) + strlen(to) + 1 - head, "%s%s", to, at + strlen(from));
	return out;
}

void assert_fault(const struct fault *f, enum sl_rc rc, const struct sl_err *err)
{
	char said[1024];

	(void)snprintf(said, sizeof said, "%u:%u: %s", err->line, err->col, err->text);
	if (rc != SL_E_INPUT || strcmp(said, f->expected) != 0 || strcmp(err->file, "f.json") != 0)
		fail_msg("%s: expected\n  %s\nfound (%d, %s)\n  %s", f->name, f->expected, rc, err->file, said);
}
