package main

const (
	sonnet = "claude-sonnet-4-5"
	opus   = "claude-opus-4-5"
	haiku  = "claude-haiku-4-5"
)

// price is a list price in USD for a million tokens, that is, in millionths of a USD for one.
type price struct{ input, output int64 }

func priceOf(model string) price {
	switch model {
	case opus:
		return price{input: 5, output: 25}
	case sonnet:
		return price{input: 3, output: 15}
	default:
		return price{input: 1, output: 5}
	}
}

// usage is the tokens of one or more requests.
type usage struct{ input, output, cacheRead, cacheCreation int64 }

// rounded makes every cost a whole number of millionths of a USD: cache reads cost a tenth of the input price, cache
// writes five quarters.
func (u usage) rounded() usage {
	u.cacheRead -= u.cacheRead % 10
	u.cacheCreation -= u.cacheCreation % 4
	return u
}

// costMicroUSD is exact for a rounded usage.
func (u usage) costMicroUSD(p price) int64 {
	return u.input*p.input + u.output*p.output + u.cacheRead/10*p.input + u.cacheCreation/4*5*p.input
}
