/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * make-pictures [--broken] FOLDER
 *
 * Draws the five pictures of the example, one for each way a PNG can hold
 * colour, into FOLDER, which it makes if need be. The pixels are the same each
 * time. With --broken it adds two files that are no good: one is cut off, one
 * has a damaged byte.
 */
#include <errno.h>
#include <math.h>
#include <png.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define CHANNELS_MAX 4
#define PALETTE_SIZE 64

struct picture;

/* Writes the samples of the pixel at (x, y), .depth bits each. */
typedef void paint(const struct picture *picture, uint32_t x, uint32_t y,
		   uint16_t samples[CHANNELS_MAX]);

struct picture {
	const char *name;
	uint32_t width, height;
	int colour_type, depth;
	bool interlaced;
	unsigned channels;
	paint *paint;
};

static double clamp(double value)
{
	return value < 0 ? 0 : value > 1 ? 1 : value;
}

static double mix(double a, double b, double t)
{
	return a + (b - a) * clamp(t);
}

/* The same number between 0 and 1 for the same place, otherwise arbitrary. */
static double grain(uint32_t x, uint32_t y)
{
	uint32_t h = x * 0x9e3779b1u ^ y * 0x85ebca77u;

	h = (h ^ h >> 15) * 0x2c1b3c6du;
	h = (h ^ h >> 12) * 0x297a2d39u;
	return (h ^ h >> 15) / 4294967296.0;
}

/* Hills behind hills, fading into mist. */
static void paint_hills(const struct picture *p, uint32_t x, uint32_t y,
			uint16_t *samples)
{
	double light = 0.97 - 0.25 * y / p->height;
	double u = (double)x / p->width;

	for (int hill = 0; hill < 7; hill++) {
		double ridge = p->height * (0.30 + 0.10 * hill +
			0.055 * sin(u * (5 + hill * 1.7) + hill * 2.1) +
			0.018 * sin(u * (23 + hill * 5) + hill));

		if (y > ridge)
			light = 0.80 - 0.11 * hill +
				0.10 * clamp((y - ridge) / 90);
	}
	samples[0] = (uint16_t)(clamp(light) * 255);
}

/* The Mandelbrot set, one colour of the palette for each way out of it. */
static void paint_mandelbrot(const struct picture *p, uint32_t x, uint32_t y,
			     uint16_t *samples)
{
	double cr = -2.15 + 2.9 * x / p->width;
	double ci = 2.175 * y / p->height - 1.0875;
	double zr = 0, zi = 0;
	int n = 0;

	while (n < 500 && zr * zr + zi * zi <= 4) {
		double next = zr * zr - zi * zi + cr;

		zi = 2 * zr * zi + ci;
		zr = next;
		n++;
	}
	samples[0] = n == 500 ? 0 : (uint16_t)(1 + n % (PALETTE_SIZE - 1));
}

static bool is_star(uint32_t x, uint32_t y)
{
	return grain(x * 7 + 3, y * 5 + 1) > 0.9993;
}

/* Dusk over water, with a grain that no compressor can use. */
static void paint_dusk(const struct picture *p, uint32_t x, uint32_t y,
		       uint16_t *samples)
{
	double horizon = p->height * 0.66;
	double sun_x = p->width * 0.62, sun_y = p->height * 0.60;
	double v = y < horizon ? y / horizon
		: 1 - (y - horizon) / (p->height - horizon) * 0.9;
	double wave = y < horizon ? 0
		: sin((y - horizon) * (y - horizon) / 260 + x * 0.02) * 14;
	double away = hypot(x + wave - sun_x,
			    (y < horizon ? y - sun_y
			     : (2 * horizon - y - sun_y) * 0.35)) / p->width;
	double glow = exp(-away * 7);
	double noise = (grain(x, y) - 0.5) * 0.045;
	double star = y < horizon * 0.55 && is_star(x, y) ? 0.55 : 0;
	double disc = away < 0.045 && y < horizon ? 0.35 : 0;

	samples[0] = (uint16_t)(255 * clamp(mix(0.05, 0.86, v * v) + glow * 0.5
					    + disc + noise + star));
	samples[1] = (uint16_t)(255 * clamp(mix(0.07, 0.42, v * v) + glow * 0.4
					    + disc + noise + star));
	samples[2] = (uint16_t)(255 * clamp(mix(0.25, 0.38, v) + glow * 0.1
					    + disc + noise + star));
}

/* Three discs of coloured glass; nothing is behind them. */
static void paint_glass(const struct picture *p, uint32_t x, uint32_t y,
			uint16_t *samples)
{
	static const double hue[3][3] = {
		{ 0.95, 0.25, 0.20 }, { 0.15, 0.75, 0.35 }, { 0.20, 0.35, 0.95 },
	};
	double clear = 1, sum[3] = { 0 };
	double radius = p->height * 0.29;

	for (int i = 0; i < 3; i++) {
		double angle = i * 2.0944 - 1.5708;
		double dx = x - (p->width * 0.5 + cos(angle) * radius * 0.62);
		double dy = y - (p->height * 0.53 + sin(angle) * radius * 0.62);
		double r = hypot(dx, dy);
		double edge = clamp(radius - r);
		double alpha = edge * (0.52 + 0.38 * pow(r / radius, 8));
		double shine = 0.35 * exp(-(pow(dx + radius * 0.35, 2) +
			pow(dy + radius * 0.4, 2)) / (radius * radius * 0.06));

		for (int c = 0; c < 3; c++)
			sum[c] = sum[c] * (1 - alpha) +
				 alpha * clamp(hue[i][c] + shine);
		clear *= 1 - alpha;
	}
	for (int c = 0; c < 3; c++)
		samples[c] = clear < 1
			? (uint16_t)(255 * clamp(sum[c] / (1 - clear))) : 0;
	samples[3] = (uint16_t)(255 * (1 - clear));
}

/* Every hue, in steps too fine for eight bits. */
static void paint_spectrum(const struct picture *p, uint32_t x, uint32_t y,
			   uint16_t *samples)
{
	double hue = (double)x / p->width * 6.2831853;
	double v = (double)y / p->height;
	double bend = 0.35 * sin(v * 9 + hue * 2);

	for (int c = 0; c < 3; c++) {
		double pure = 0.5 + 0.5 * cos(hue + bend - c * 2.0943951);
		double lit = v < 0.5 ? mix(1, pure, v * 2)
				     : mix(pure, 0, v * 2 - 1);

		samples[c] = (uint16_t)(clamp(lit) * 65535);
	}
}

static const struct picture pictures[] = {
	{ "dusk.png", 1280, 800, PNG_COLOR_TYPE_RGB, 8, false, 3, paint_dusk },
	{ "glass.png", 600, 560, PNG_COLOR_TYPE_RGBA, 8, true, 4, paint_glass },
	{ "hills.png", 900, 420, PNG_COLOR_TYPE_GRAY, 8, false, 1, paint_hills },
	{ "mandelbrot.png", 800, 600, PNG_COLOR_TYPE_PALETTE, 8, true, 1,
	  paint_mandelbrot },
	{ "spectrum.png", 480, 320, PNG_COLOR_TYPE_RGB, 16, false, 3,
	  paint_spectrum },
};

static void put_palette(png_structp png, png_infop info)
{
	png_color palette[PALETTE_SIZE] = { { 8, 8, 24 } };

	for (int i = 1; i < PALETTE_SIZE; i++) {
		double t = i * 6.2831853 / (PALETTE_SIZE - 1);

		palette[i].red = (png_byte)(128 - 118 * cos(t));
		palette[i].green = (png_byte)(118 - 108 * cos(t + 0.9));
		palette[i].blue = (png_byte)(140 + 108 * sin(t + 0.5));
	}
	png_set_PLTE(png, info, palette, PALETTE_SIZE);
}

/* All of the picture's samples as PNG wants them, or NULL. */
static uint8_t *draw(const struct picture *p)
{
	size_t sample = p->depth == 16 ? 2 : 1;
	uint8_t *pixels = malloc((size_t)p->width * p->height * p->channels *
				 sample);
	uint8_t *out = pixels;

	for (uint32_t y = 0; pixels && y < p->height; y++) {
		for (uint32_t x = 0; x < p->width; x++) {
			uint16_t samples[CHANNELS_MAX] = { 0 };

			p->paint(p, x, y, samples);
			for (unsigned c = 0; c < p->channels; c++) {
				if (sample == 2)
					*out++ = (uint8_t)(samples[c] >> 8);
				*out++ = (uint8_t)samples[c];
			}
		}
	}
	return pixels;
}

static bool encode(const struct picture *p, uint8_t *pixels, FILE *file)
{
	size_t stride = (size_t)p->width * p->channels * (p->depth == 16 ? 2 : 1);
	png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL,
						  NULL, NULL);
	png_infop info = png ? png_create_info_struct(png) : NULL;
	int n_passes;

	if (!info || setjmp(png_jmpbuf(png))) {
		png_destroy_write_struct(&png, NULL);
		return false;
	}
	png_init_io(png, file);
	png_set_IHDR(png, info, p->width, p->height, p->depth, p->colour_type,
		     p->interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
		     PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
	if (p->colour_type == PNG_COLOR_TYPE_PALETTE)
		put_palette(png, info);
	png_write_info(png, info);
	n_passes = png_set_interlace_handling(png);
	for (int pass = 0; pass < n_passes; pass++) {
		for (uint32_t y = 0; y < p->height; y++)
			png_write_row(png, pixels + y * stride);
	}
	png_write_end(png, NULL);
	png_destroy_write_struct(&png, &info);
	return true;
}

static FILE *open_in(const char *folder, const char *name, const char *mode)
{
	char path[4096];
	FILE *file = NULL;

	if (snprintf(path, sizeof(path), "%s/%s", folder, name) <
	    (int)sizeof(path))
		file = fopen(path, mode);
	if (!file)
		fprintf(stderr, "make-pictures: %s/%s: %s\n", folder, name,
			strerror(errno));
	return file;
}

static bool make(const char *folder, const struct picture *picture)
{
	FILE *file = open_in(folder, picture->name, "wb");
	uint8_t *pixels = draw(picture);
	bool good = file && pixels && encode(picture, pixels, file);

	if (file && fclose(file) != 0)
		good = false;
	free(pixels);
	if (!good)
		fprintf(stderr, "make-pictures: %s was not written\n",
			picture->name);
	return good;
}

/* A copy of FROM, cut off after KEEP bytes, or with byte AT changed. */
static bool spoil(const char *folder, const char *from, const char *to,
		  long keep, long at)
{
	FILE *in = open_in(folder, from, "rb"), *out = NULL;
	bool good = false;
	int byte;

	if (in)
		out = open_in(folder, to, "wb");
	if (out) {
		for (long i = 0; i < keep && (byte = getc(in)) != EOF; i++)
			putc(i == at ? byte ^ 0xff : byte, out);
		good = !ferror(in) && !ferror(out);
	}
	if (in)
		fclose(in);
	if (out && fclose(out) != 0)
		good = false;
	return good;
}

int main(int argc, char **argv)
{
	bool broken = argc > 1 && strcmp(argv[1], "--broken") == 0;
	const char *folder = argv[argc - 1];

	if (argc != (broken ? 3 : 2) || folder[0] == '-') {
		fprintf(stderr, "usage: make-pictures [--broken] FOLDER\n");
		return 2;
	}
	if (mkdir(folder, 0755) < 0 && errno != EEXIST) {
		fprintf(stderr, "make-pictures: %s: %s\n", folder,
			strerror(errno));
		return 1;
	}
	for (size_t i = 0; i < sizeof(pictures) / sizeof(pictures[0]); i++) {
		if (!make(folder, &pictures[i]))
			return 1;
	}
	if (broken && (!spoil(folder, "hills.png", "broken-cut.png", 9000, -1) ||
		       !spoil(folder, "hills.png", "broken-byte.png", 1 << 30,
			      5000)))
		return 1;
	return 0;
}
