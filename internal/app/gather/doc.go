// Package gather lets requests that arrive at the same time share a transaction.
//
// It owns the waiting: a request joins the lane of what it contends for, and
// what queued in a lane while its last batch was being committed is the next
// batch; of many requests half go first, so that the others are read and answered
// meanwhile. There is no timer, so a lone request does not wait, and one batch of a
// lane is under way at a time (hot-path P1), or a few, where they say so: then a
// batch of few waits for a large one. What a batch does is the use case's.
//
// Each request keeps its own fate. An error that is no fault is somebody's bug
// and not everybody's: the batch is run again in halves down to the one that has
// it (P7); a panic is such an error. A request that its run leaves undone, because
// a neighbour moved something under it, stands at the head of the next batch.
//
// A caller that leaves before its batch has begun is skipped and told overloaded:
// nothing was done. One that leaves later is told outcome_unknown, and the batch
// goes on without it: it runs under no caller's context.
//
// Who would have to wait longer than queue.MostWait is refused at once, by what
// batches have taken lately and how many stand in front.
package gather
