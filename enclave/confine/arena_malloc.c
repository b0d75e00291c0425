/*
 * arena_malloc.c - malloc and its family, for the whole executable, over the chunks of arena.c: what each of them owes
 * its callers, and the lock.
 */
#include "enclave/confine/arena.h"

#include <errno.h>
#include <linux/futex.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "enclave/confine/arena_chunks.h"

#define PAGE_BYTES ((size_t)4096)

/* 0 free, 1 held, 2 held and waited for. Where nothing contends, as in every process of one thread, no call is made. */
static _Atomic int held;

static void lock(void)
{
	int was = 0;

	if (atomic_compare_exchange_strong(&held, &was, 1))
		return;
	while (atomic_exchange(&held, 2) != 0)
		(void)syscall(SYS_futex, &held, FUTEX_WAIT_PRIVATE, 2, NULL, NULL, 0);
}

static void unlock(void)
{
	if (atomic_exchange(&held, 0) == 2)
		(void)syscall(SYS_futex, &held, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

void free(void *p)
{
	if (p == NULL)
		return;
	lock();
	sl_arena_give(p);
	unlock();
}

/* As sl_arena_take. */
static void *take_locked(size_t bytes, uint8_t **fresh_from)
{
	lock();
	void *p = sl_arena_take(bytes, fresh_from);
	unlock();
	return p;
}

void *malloc(size_t bytes)
{
	return take_locked(bytes, NULL);
}

void *calloc(size_t n, size_t each)
{
	uint8_t *fresh = NULL, *p;
	size_t bytes;

	if (__builtin_mul_overflow(n, each, &bytes)) {
		errno = ENOMEM;
		return NULL;
	}
	p = take_locked(bytes, &fresh);
	if (p != NULL && p < fresh)
		memset(p, 0, (size_t)(fresh - p) < bytes ? (size_t)(fresh - p) : bytes);
	return p;
}

void *realloc(void *p, size_t bytes)
{
	size_t room;
	void *fresh;

	if (p == NULL)
		return malloc(bytes);
	if (bytes == 0) {
		free(p);
		return NULL;
	}
	lock();
	room = sl_arena_room(p);
	fresh = sl_arena_resize(p, bytes) ? p : sl_arena_take(bytes, NULL);
	unlock();
	if (fresh == NULL || fresh == p)
		return fresh;
	memcpy(fresh, p, room < bytes ? room : bytes);
	free(p);
	return fresh;
}

void *memalign(size_t align, size_t bytes)
{
	if (align <= SL_ARENA_ALIGN)
		return malloc(bytes);
	if ((align & (align - 1)) != 0 || align > SL_ARENA_BYTES_MAX || bytes > SL_ARENA_BYTES_MAX) {
		errno = (align & (align - 1)) != 0 ? EINVAL : ENOMEM;
		return NULL;
	}
	lock();
	void *p = sl_arena_take_aligned(align, bytes);
	unlock();
	return p;
}

void *aligned_alloc(size_t align, size_t bytes)
{
	return memalign(align, bytes);
}

int posix_memalign(void **out, size_t align, size_t bytes)
{
	void *p;

	if (align < sizeof(void *) || (align & (align - 1)) != 0)
		return EINVAL;
	p = memalign(align, bytes);
	if (p == NULL)
		return ENOMEM;
	*out = p;
	return 0;
}

void *valloc(size_t bytes)
{
	return memalign(PAGE_BYTES, bytes);
}

void *pvalloc(size_t bytes)
{
	return bytes <= SL_ARENA_BYTES_MAX ? memalign(PAGE_BYTES, (bytes + PAGE_BYTES - 1) & ~(PAGE_BYTES - 1)) : NULL;
}

size_t malloc_usable_size(void *p)
{
	return p != NULL ? sl_arena_room(p) : 0;
}
