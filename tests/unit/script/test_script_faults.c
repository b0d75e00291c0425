/* Memory that runs out at every single allocation, once and for good: a clean end, nothing lost, nothing leaked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "tests/unit/vault/failing.h"
#include "world.h"

static const char script[] =
	"local p = from 'study.persons':where('age > $min and site <> $site'):derive{ band = 'bands(age)', heavy = "
        "'weight * 2' }\n"
	"output('x', from 'study.events':where \"event in ('nash', 'nafld') or event > 'n'\":join(p)\n"
	"  :group_by('event', 'band'):summarise{ n = 'units()', w = 'sum(heavy)' }:calc{ r = 'w / n' }\n"
	"  :describe{ n = 'persons' }:order_by('-n'):limit(3))\n"
	"output('z', p:lookup('codes.sites', 'site'):group_by('city'):summarise{ b = 'sum(beds)' })\n"
	"local v = from 'study.visits':where('site in $s', {s = {'north', 'south'}}):derive{ dear = 'cost > 1' }\n"
	"  :per_unit{ t = 'sum(cost)', ever = 'any(dear)' }:where 't > 2'\n"
	"output('y', p:join(v, 'left'):join(from 'study.events':where \"event like 'd%'\", 'anti'):group_by('male')\n"
	"  :summarise{ h = 'hist(age)', c = 'corr(weight, t)', q = 'quantile(t, 0.9)', l = 'count_if(length(site) > 4)' })\n"
	"for k, v in pairs{ b = 1, a = 2 } do print(k, v) end\n"
	"local t = { 3, 1, 2 } table.sort(t) print(string.format('%s %d', t, t[1]))\n";
static const char wrong[] = "local t = {} print('x')\nfrom 'study.events':where \"event = 'nahs'\"";

/* As many as the last run asked for. */
static unsigned long allocations;

static void fake_sink_end(const char *text, unsigned long at, bool for_good)
{
	struct world_result r;
	struct sl_script_setup setup = world_setup(text);

	if (for_good)
		failing_from(at);
	else
		failing_at(at);
	world_run_setup(&setup, 1000000, &r);
	allocations = failing_count();
	failing_at(0);
	/* A buffer that cannot grow says "does not fit, or memory ran out". */
	if (r.rc != SL_OK && r.rc != SL_E_NOMEM && r.rc != SL_E_LIMIT)
		fail_msg("allocation %lu: rc %d %s", at, (int)r.rc, r.err.text);
	if (r.rc == SL_OK && !r.end.ok && strstr(r.end.message, "memory") == NULL && text == script)
		fail_msg("allocation %lu: %s", at, r.end.message);
	world_free(&r);
}

static void every_allocation(const char *text, bool for_good)
{
	unsigned long n;

	fake_sink_end(text, 0, false);
	n = allocations;
	assert_true(n > 100);
	for (unsigned long at = 1; at <= n; at++)
		fake_sink_end(text, at, for_good);
	print_message("%lu allocations\n", n);
}

static void test_script_memory_fails_once_at_every_allocation(void **state)
{
	(void)state;
	every_allocation(script, false);
	every_allocation(wrong, false);
}

static void test_script_memory_fails_for_good_at_every_allocation(void **state)
{
	(void)state;
	every_allocation(script, true);
	every_allocation(wrong, true);
}

/* The Lua state's own limit, from too little for the libraries to enough. */
static void test_script_any_memory_limit_ends_cleanly(void **state)
{
	unsigned ran = 0;

	(void)state;
	for (uint64_t bytes = 0; bytes < 200000; bytes += 331) {
		struct world_result r;
		struct sl_script_setup setup = world_setup(script);
		setup.memory_bytes = bytes;
		world_run_setup(&setup, 1000000, &r);
		if (r.rc != SL_OK)
			assert_int_equal(r.rc, SL_E_NOMEM);
		else if (!r.end.ok)
			assert_string_equal(r.end.message, "not enough memory");
		ran += r.rc == SL_OK && r.end.ok;
		world_free(&r);
	}
	assert_true(ran > 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_script_memory_fails_once_at_every_allocation),
		cmocka_unit_test(test_script_memory_fails_for_good_at_every_allocation),
		cmocka_unit_test(test_script_any_memory_limit_ends_cleanly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
