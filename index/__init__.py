"""From statements to ranked sentences: models, storage, building and search."""

import os

# numpy reads this when it is loaded. Its products are small here, and a second thread waits for the
# next one in a loop, which takes the time of the model: a question took a sixth longer.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
