/* scratch.c - see scratch.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/sign/scratch.h"

static char folder[64];

/* In memory where there is such a place: a loop of faults writes a thousand times, and each is flushed to the disk. */
static const char *usual_place(void)
{
	return access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm" : "/tmp";
}

int scratch_enter(void **state)
{
	const char *tmp = getenv("TMPDIR");

	(void)state;
	(void)snprintf(folder, sizeof folder, "%s/sluice-sign-XXXXXX", tmp != NULL && strlen(tmp) < 32 ? tmp : usual_place());
	return mkdtemp(folder) == NULL || chdir(folder) != 0;
}

int scratch_leave(void **state)
{
	(void)state;
	return chdir("/") != 0 || scratch_run("rm -rf '%s'", folder) != 0;
}

void scratch_write(const char *name, const void *data, size_t len)
{
	FILE *f = fopen(name, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
}

void scratch_read(const char *name, struct sl_buf *out)
{
	FILE *f = fopen(name, "rb");
	char bytes[4096];
	size_t n;

	assert_non_null(f);
	while ((n = fread(bytes, 1, sizeof bytes, f)) > 0)
		sl_buf_put(out, bytes, n);
	(void)fclose(f);
	assert_int_equal(sl_buf_ok(out, name, NULL), SL_OK);
}

int scratch_run(const char *fmt, ...)
{
	char line[2048], quiet[2100];
	va_list ap;
	int status;

	va_start(ap, fmt);
	(void)vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	(void)snprintf(quiet, sizeof quiet, "{ %s\n} >out 2>&1", line);
	status = system(quiet);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

void scratch_ssh_key(const char *name)
{
	assert_int_equal(scratch_run("ssh-keygen -q -t ed25519 -N '' -C 'a comment of %s' -f %s", name, name), 0);
}
