/* crew.c - see crew.h. */
#include "enclave/confine/crew.h"

#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct {
	uint32_t size;           /* 0: not started */
	sl_crew_work *work;      /* of the present call; written before `call` moves on */
	void *arg;
	_Atomic uint32_t call;   /* number of the present call; the others wait for the next */
	_Atomic uint32_t working; /* of the others, in the present call */
} crew;

/* Returns when *word is no longer `value`, or now and then without reason. */
static void wait_while(_Atomic uint32_t *word, uint32_t value)
{
	(void)syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, NULL, NULL, 0);
}

static void wake(_Atomic uint32_t *word, int count)
{
	(void)syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count, NULL, NULL, 0);
}

static void *member(void *arg)
{
	uint32_t index = (uint32_t)(uintptr_t)arg, last = 0;

	for (;;) {
		while (atomic_load(&crew.call) == last)
			wait_while(&crew.call, last);
		last++;
		crew.work(crew.arg, index);
		if (atomic_fetch_sub(&crew.working, 1) == 1)
			wake(&crew.working, 1);
	}
	return NULL;
}

static void nothing(void *arg, uint32_t index)
{
	(void)arg;
	(void)index;
}

enum sl_rc sl_crew_start(uint32_t size, struct sl_err *err)
{
	pthread_attr_t attr;
	pthread_t thread;
	int rc = 0;

	if (crew.size != 0)
		return sl_err_set(err, SL_E_BUG, "a crew is started once");
	if (size > SL_CREW_MAX)
		return sl_err_set(err, SL_E_LIMIT, "%u threads; at most %d are had", size, SL_CREW_MAX);
	crew.size = 1;
	if (size <= 1)
		return SL_OK;
	if (pthread_attr_init(&attr) != 0 || pthread_attr_setstacksize(&attr, SL_CREW_STACK_BYTES) != 0 ||
	    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED) != 0)
		return sl_err_set(err, SL_E_HOST, "no attributes for a thread");
	for (; crew.size < size && rc == 0; crew.size += rc == 0)
		rc = pthread_create(&thread, &attr, member, (void *)(uintptr_t)crew.size);
	(void)pthread_attr_destroy(&attr);
	if (rc != 0)
		return sl_err_errno(err, SL_E_HOST, rc, "the system makes no thread");
	/* What the C library asks of the system for a new thread, each asks before it works: it must not do so later. */
	sl_crew_run(nothing, NULL);
	return SL_OK;
}

uint32_t sl_crew_size(void)
{
	return crew.size > 0 ? crew.size : 1;
}

void sl_crew_run(sl_crew_work *work, void *arg)
{
	uint32_t others = sl_crew_size() - 1, left;

	if (others > 0) {
		crew.work = work;
		crew.arg = arg;
		atomic_store(&crew.working, others);
		atomic_fetch_add(&crew.call, 1);
		wake(&crew.call, INT_MAX);
	}
	work(arg, 0);
	while (others > 0 && (left = atomic_load(&crew.working)) > 0)
		wait_while(&crew.working, left);
}
