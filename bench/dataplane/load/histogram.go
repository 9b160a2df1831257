package main

import (
	"math/bits"
	"time"
)

// histogram counts durations in classes that are at most 1/64 of their value wide.
type histogram struct {
	counts [64 * 59]uint64
	total  uint64
}

func (h *histogram) add(duration time.Duration) {
	h.counts[class(uint64(max(duration, 0)))]++
	h.total++
}

// quantile gives the lower bound, in microseconds, of the class below which so great a share of the durations is.
func (h *histogram) quantile(share float64) float64 {
	rank := uint64(float64(h.total) * share)
	seen := uint64(0)
	for i, count := range h.counts {
		seen += count
		if count > 0 && seen > rank {
			return float64(lowerBound(i)) / 1000
		}
	}
	return 0
}

func class(value uint64) int {
	if value < 64 {
		return int(value)
	}
	octave := bits.Len64(value) - 6
	return min(octave*64+int(value>>(octave-1)&63), len(histogram{}.counts)-1)
}

func lowerBound(class int) uint64 {
	if class < 64 {
		return uint64(class)
	}
	return uint64(64+class%64) << (class/64 - 1)
}
