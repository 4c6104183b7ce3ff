# %% [markdown]
# # What a layer costs
#
# A 32×32 colour image meets a convolution layer: six filters of 5×5, stride 1, no padding. Fill in the table.
#
# | entry | what is asked |
# | --- | --- |
# | `"products"` | products in one filter's sum at one position, without the bias |
# | `"weights"` | weights of the whole layer, without biases |
# | `"parameters"` | weights and biases of the whole layer |
# | `"output"` | (H_out, W_out, C_out) |
# | `"memory"` | memory of one image's output in float32, in KiB (2¹⁰ bytes), to 1 % |

# %%
from common import check

# %%
ledger = {}
### BEGIN SOLUTION
ledger["products"] = 5 * 5 * 3
ledger["weights"] = 5 * 5 * 3 * 6
ledger["parameters"] = (5 * 5 * 3 + 1) * 6
ledger["output"] = (28, 28, 6)
ledger["memory"] = 28 * 28 * 6 * 4 / 2**10
### END SOLUTION

# %%
check(ledger, "ledger")
