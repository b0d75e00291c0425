/* failing.c - see failing.h. */
#include <limits.h>
#include <stddef.h>

#include "tests/unit/vault/failing.h"

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t each);
void *__real_realloc(void *p, size_t n);
char *__real_strdup(const char *s);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t each);
void *__wrap_realloc(void *p, size_t n);
char *__wrap_strdup(const char *s);

static unsigned long failing_k, last, count, bytes;

void failing_at(unsigned long k)
{
	failing_k = last = k;
	count = bytes = 0;
}

void failing_from(unsigned long k)
{
	failing_at(k);
	last = k > 0 ? ULONG_MAX : 0;
}

int failing_reached(void)
{
	return failing_k != 0 && count >= failing_k;
}

unsigned long failing_count(void)
{
	return count;
}

unsigned long failing_bytes(void)
{
	return bytes;
}

static int fails(size_t n)
{
	bytes += n;
	return ++count >= failing_k && count <= last;
}

void *__wrap_malloc(size_t n)
{
	return fails(n) ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t n, size_t each)
{
	return fails(n * each) ? NULL : __real_calloc(n, each);
}

void *__wrap_realloc(void *p, size_t n)
{
	return fails(n) ? NULL : __real_realloc(p, n);
}

char *__wrap_strdup(const char *s)
{
	return fails(0) ? NULL : __real_strdup(s);
}
