#include <config.h>

#include <stdint.h>
#include <stdlib.h>
#include <time.h>

/* burn MS: uses so many milliseconds of CPU time, as a command that computes. */
int main(int argc, char **argv)
{
	int64_t ns = argc > 1 ? atoll(argv[1]) * 1000000 : 0;
	volatile uint64_t x = 1;
	struct timespec ts;

	do {
		for (int i = 0; i < 20000; i++)
			x = x * 6364136223846793005U + 1442695040888963407U;
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	} while ((int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec < ns);
	return 0;
}
