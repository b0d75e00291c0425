/* replay_main.c - without libFuzzer: run the target once over every file of its seed corpus. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define SEED_BYTES_MAX ((size_t)1 << 20)

static int replay(const char *dir, const char *name)
{
	char path[4096];
	FILE *f;
	uint8_t *data = malloc(SEED_BYTES_MAX);
	size_t n;

	(void)snprintf(path, sizeof path, "%s/%s", dir, name);
	f = fopen(path, "rb");
	if (f == NULL || data == NULL) {
		fprintf(stderr, "cannot read %s\n", path);
		free(data);
		if (f != NULL)
			fclose(f);
		return 1;
	}
	n = fread(data, 1, SEED_BYTES_MAX, f);
	fclose(f);
	/* An exact copy, so that reading one byte past the seed is an error under a sanitizer or valgrind. */
	uint8_t *exact = malloc(n > 0 ? n : 1);
	if (exact != NULL && n > 0)
		memcpy(exact, data, n);
	if (exact != NULL)
		(void)LLVMFuzzerTestOneInput(exact, n);
	free(exact);
	free(data);
	return 0;
}

int main(int argc, char **argv)
{
	DIR *dir = argc == 2 ? opendir(argv[1]) : NULL;
	struct dirent *entry;
	int seeds = 0, failed = 0;

	if (dir == NULL) {
		fprintf(stderr, "usage: %s CORPUS_DIRECTORY (which must exist)\n", argv[0]);
		return 2;
	}
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		failed |= replay(argv[1], entry->d_name);
		seeds++;
	}
	closedir(dir);
	printf("%d seeds\n", seeds);
	return failed || seeds == 0;
}
