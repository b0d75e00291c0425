/*
 * generate - the bench's tables as CSV on standard output, the same bytes on every machine.
 *
 *   bench_generate events ROWS PERSONS SEED    person_id,org_id,region,sector,sex,age_band,day,amount
 *   bench_generate persons PERSONS             person_id,home,born: one row each, in no order
 *
 * What a person is follows from the number; 31 regions, 20 sectors, 3,653 days; small amounts are far more frequent
 * than large ones. Integers only: nothing depends on how a machine rounds.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REGIONS 31
#define SECTORS 20
#define DAYS 3653
#define ORGANISATIONS 2000 /* numbers kept for each region and sector */
#define AMOUNT_CENTS_MAX 5000000
#define STEP UINT64_C(2654435761) /* a prime: its multiples visit every person once */

__extension__ typedef unsigned __int128 wide;

/* splitmix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014). */
static uint64_t draw(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);

	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return z ^ (z >> 31);
}

static uint64_t below(uint64_t *state, uint64_t n)
{
	return (uint64_t)((wide)draw(state) * n >> 64);
}

static uint64_t of(uint64_t number)
{
	return draw(&number);
}

static void event(uint64_t *state, uint64_t persons)
{
	uint64_t person = 1 + below(state, persons), traits = of(person ^ 0xA5A5A5A5u);
	uint64_t sector = traits % 1000 < 30 ? SECTORS - 1 : (traits >> 10) % (SECTORS - 1);
	uint64_t region = (traits >> 20) % REGIONS, age = (traits >> 32) % 9;
	uint64_t place = region * SECTORS + sector, kind = of(place ^ 0xC311) % 10;
	/* One place in ten has three organisations at most; in one in ten a single one has nearly everything. */
	uint64_t organisation = 1 + below(state, 1 + below(state, kind == 0 ? 3 : ORGANISATIONS));

	if (kind == 1 && below(state, 100) < 95)
		organisation = 1;
	uint64_t day = below(state, DAYS);
	uint64_t cents = 1 + below(state, 1 + below(state, 1 + below(state, AMOUNT_CENTS_MAX)));
	printf("%" PRIu64 ",%" PRIu64 ",R%02u,S%02u,%c,%u-%u,%u,%" PRIu64 ".%02u\n", person,
	       place * ORGANISATIONS + organisation, (unsigned)region, (unsigned)sector, traits >> 30 & 1 ? 'F' : 'M',
	       (unsigned)age * 10, (unsigned)age * 10 + 9, (unsigned)day, cents / 100, (unsigned)(cents % 100));
}

static void person(uint64_t i, uint64_t persons)
{
	uint64_t id = 1 + i * STEP % persons, traits = of(id ^ 0x5A5A5A5Au);

	printf("%" PRIu64 ",R%02u,%u\n", id, (unsigned)(traits % REGIONS), (unsigned)(1930 + (traits >> 10) % 80));
}

int main(int argc, char **argv)
{
	static char buffer[1 << 20];
	uint64_t rows = argc > 2 ? strtoull(argv[2], NULL, 10) : 0;

	(void)setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
	if (argc == 5 && strcmp(argv[1], "events") == 0) {
		uint64_t persons = strtoull(argv[3], NULL, 10), state = strtoull(argv[4], NULL, 10);
		puts("person_id,org_id,region,sector,sex,age_band,day,amount");
		for (uint64_t i = 0; i < rows; i++)
			event(&state, persons);
	} else if (argc == 3 && strcmp(argv[1], "persons") == 0 && rows % STEP != 0) {
		puts("person_id,home,born");
		for (uint64_t i = 0; i < rows; i++)
			person(i, rows);
	} else {
		fputs("usage: bench_generate events ROWS PERSONS SEED | persons PERSONS\n", stderr);
		return 2;
	}
	return fflush(stdout) != 0 || ferror(stdout) ? 1 : 0;
}
