// log(1 + e^x)
#import lib/exp
#import lib/log_one_plus

fn softplus4(x: vec4f) -> vec4f {
  return max(x, vec4f()) + log_one_plus4(exp4(-abs(x)));
}
